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
    var allocatable = NodeAllocatable.wholeMachine
    /// What the node is called in its own network.
    var hostname = Self.ownHostname
    /// Whether what is missing is left out, optional or not: for what joins a container that runs.
    var leavesOutMissing = false

    private static let ownHostname = nodeHostname()

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

    /// What a container may use or counts on; where there is no limit, what the node may give to Pods (kubelet:
    /// `defaultPodLimitsForDownwardAPI`). Nil when the Pod has no container of the name.
    func value(of selector: ResourceFieldSelector, for asking: Container? = nil, in pod: Pod) -> String? {
        guard let container = selector.containerName.map(pod.spec.container) ?? asking else { return nil }
        let (limits, requests) = (container.resources.limits, container.resources.requests)
        let amount: Quantity =
            switch selector.resource {
            case "limits.cpu": Self.limit(limits.cpu?.quantity, else: allocatable.cpu.quantity)
            case "limits.memory": Self.limit(limits.memory?.quantity, else: allocatable.memory.quantity)
            case "limits.ephemeral-storage":
                Self.limit(limits.ephemeralStorage?.quantity, else: allocatable.ephemeralStorage.quantity)
            case "requests.cpu": requests.cpu?.quantity ?? Quantity(0)
            case "requests.memory": requests.memory?.quantity ?? Quantity(0)
            case "requests.ephemeral-storage": requests.ephemeralStorage?.quantity ?? Quantity(0)
            default: Quantity(0)
            }
        return "\(selector.count(of: amount))"
    }

    /// A limit of zero is none.
    private static func limit(_ said: Quantity?, else whole: Quantity) -> Quantity {
        said.flatMap { $0 > Quantity(0) ? $0 : nil } ?? whole
    }
}

extension VariableSources {
    /// Of a Pod that has its sandbox.
    ///
    /// - Parameter allocatable: what Pods may request, for a sandbox that an older release made.
    init(
        of record: PodRecord, objects: ConfigurationObjects, allocatable: NodeAllocatable = .wholeMachine,
        leavesOutMissing: Bool = false
    ) {
        let node = record.sandbox?.node
        self.init(
            objects: objects, uid: record.uid, address: record.address, node: node,
            allocatable: node?.allocatable ?? allocatable, leavesOutMissing: leavesOutMissing)
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
            var value = sourced.values[index]
            if let field = source.fieldRef { value = sources.value(of: field, in: pod) }
            if let resource = source.resourceFieldRef {
                value = try sources.required(resource, for: container, in: pod)
            }
            if let value { set(variable.name, value) }
        }
    }
}

extension VariableSources {
    /// A resource's value; nil where what is missing is left out. Manifests name no container that is not there, but what an
    /// earlier release accepted may.
    fileprivate func required(
        _ selector: ResourceFieldSelector, for container: Container, in pod: Pod
    ) throws(ActionFailure) -> String? {
        if let value = value(of: selector, for: container, in: pod) { return value }
        if leavesOutMissing { return nil }
        throw ActionFailure(
            reason: "CreateContainerConfigError", message: "container \(selector.containerName ?? "") not found")
    }
}
