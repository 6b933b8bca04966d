import Glibc
import Manifests
import PodModel

/// What a container's variables may be taken from, beside what its manifest says.
struct VariableSources: Sendable, Hashable {
    /// The ConfigMaps and Secrets.
    var objects = ConfigurationObjects()
    /// The Pod's identity.
    var uid: PodUID?
    /// The Pod's address.
    var address: String?
    /// Where the Pod runs.
    var node: NodePlace?
    /// What a container without limits may use.
    var machine = Machine.here
    /// Whether what is missing is left out, optional or not: for what joins a container that runs.
    var leavesOutMissing = false

    /// What a machine has.
    struct Machine: Sendable, Hashable {
        let cpu: Quantity
        let memory: Quantity
        /// What it is called in its own network.
        var hostname = "localhost"

        /// This one.
        static let here = Machine(
            cpu: Quantity(sysconf(Int32(_SC_NPROCESSORS_ONLN))), memory: Bytes(OOMScore.nodeMemory()).quantity,
            hostname: nodeHostname())
    }

    /// The value of a field of the Pod (kubelet: `podFieldSelectorRuntimeValue`).
    func value(of field: ObjectFieldSelector, in pod: Pod) -> String {
        let (path, key) = field.parts
        switch path {
        case "metadata.name": return pod.metadata.name
        case "metadata.namespace": return pod.metadata.namespace
        case "metadata.uid": return uid?.text ?? ""
        case "metadata.labels": return key.flatMap { pod.metadata.labels[$0] } ?? ""
        case "metadata.annotations": return key.flatMap { pod.metadata.annotations[$0] } ?? ""
        case "spec.nodeName": return node?.name ?? ""
        case "spec.serviceAccountName": return pod.spec.serviceAccountName
        case "status.podIP", "status.podIPs": return address ?? ""
        case "status.hostIP", "status.hostIPs": return node?.address ?? ""
        default: return ""
        }
    }

    /// What a container may use or counts on; the whole machine where there is no limit (kubelet).
    func value(of selector: ResourceFieldSelector, for asking: Container? = nil, in pod: Pod) -> String {
        let named = selector.containerName.flatMap { name in pod.spec.container(name) }
        let resources = (named ?? asking)?.resources ?? ResourceRequirements()
        let amount: Quantity =
            switch selector.resource {
            case "limits.cpu": resources.limits.cpu?.quantity ?? machine.cpu
            case "limits.memory": resources.limits.memory?.quantity ?? machine.memory
            case "requests.cpu": resources.requests.cpu?.quantity ?? Quantity(0)
            case "requests.memory": resources.requests.memory?.quantity ?? Quantity(0)
            default: Quantity(0)
            }
        return "\(selector.count(of: amount))"
    }
}

extension VariableSources {
    /// Of a Pod that has its sandbox.
    init(of record: PodRecord, objects: ConfigurationObjects, leavesOutMissing: Bool = false) {
        self.init(
            objects: objects, uid: record.uid, address: record.address, node: record.sandbox?.node,
            leavesOutMissing: leavesOutMissing)
    }
}

extension Environment {
    /// The variables that a container's manifest gives it: those of whole objects first, then its own in their order, each
    /// of which may refer to what comes before it (kubelet: `makeEnvironmentVariables`).
    ///
    /// - Throws: `ActionFailure` when an object or a key is missing that is not optional.
    init(of container: Container, in pod: Pod, from sources: VariableSources) throws(ActionFailure) {
        let sourced: SourcedVariables
        do throws(MissingSource) {
            sourced = try SourcedVariables(
                of: container, in: pod.metadata.namespace, from: sources.objects,
                leavesOutMissing: sources.leavesOutMissing)
        } catch { throw ActionFailure(reason: "CreateContainerConfigError", message: "\(error)") }
        self.init()
        for variable in sourced.imported { set(variable.name, variable.value) }
        for (index, variable) in container.env.enumerated() {
            guard let source = variable.valueFrom else {
                set(variable.name, expand(variable.value))
                continue
            }
            let value =
                source.fieldRef.map { sources.value(of: $0, in: pod) }
                ?? source.resourceFieldRef.map { sources.value(of: $0, for: container, in: pod) }
                ?? sourced.values[index]
            if let value { set(variable.name, value) }
        }
    }
}
