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
    /// The node's address, which Pods in its own network have too: the one that it sends from by default (kubelet without
    /// `--node-ip`), else the bridge's.
    func hostAddress() -> IPv4Address { IPv4Address.ofDefaultRoute() ?? network.gateway }
}
