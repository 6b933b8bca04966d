import Manifests
import PodModel
import PodNetwork
import SupervisorCore

extension PodNamespaces {
    /// As the supervisor is told.
    var mask: UInt32 {
        [
            (hostNetwork, SandboxNamespaces.hostNetwork), (hostPID, SandboxNamespaces.hostProcesses),
            (hostIPC, SandboxNamespaces.hostIPC), (shareProcessNamespace, SandboxNamespaces.sharedProcesses),
            (hostUsers.map { !$0 }, SandboxNamespaces.ownUsers),
        ].reduce(0) { $1.0 == true ? $0 | $1.1 : $0 }
    }
}

extension Supervisor {
    /// Refuses a sandbox that a supervisor of an earlier release would make otherwise than it is asked to.
    func requireNamespaces(of request: SandboxRequest) throws(ActionFailure) {
        if request.namespaces == 0, request.parameters.isEmpty { return }
        let wanted =
            request.namespaces & SandboxNamespaces.ownUsers == 0
            ? SupervisorFeatures.hostNamespaces : SupervisorFeatures.ownUsers
        if features & wanted != 0 { return }
        throw ActionFailure(
            reason: "FailedCreatePodSandBox",
            message:
                "the Pod's supervisor is of an earlier release and knows not all of the Pod's namespaces and sysctls; "
                + "delete and push the Pod again")
    }
}

extension NodeRuntime {
    /// The address of Pods in the node's own network: the one that the node sends from by default, else the bridge's.
    func hostAddress() -> IPv4Address? { IPv4Address.ofDefaultRoute() ?? network.subnet.gateway }
}
