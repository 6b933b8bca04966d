import Manifests
import PodModel

/// What of a node is set aside, and for whom.
struct NodeLoad {
    private let allocatable: NodeAllocatable?
    private var requests: [PodUID: ResourceList]
    /// The ports of the node that somebody has.
    private var ports: [PodUID: [HostPort]]

    /// - Parameter occupants: who has the node.
    init(_ allocatable: NodeAllocatable?, of occupants: [AcceptedPod]) {
        self.allocatable = allocatable
        requests = Dictionary(
            occupants.map { ($0.uid, $0.pod.spec.effectiveRequests) }, uniquingKeysWith: { first, _ in first })
        ports = Dictionary(
            occupants.compactMap { pod in
                let ports = pod.pod.spec.hostPorts
                return ports.isEmpty ? nil : (pod.uid, ports)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The same once some have gone.
    func without(_ uids: [PodUID]) -> NodeLoad {
        var rest = self
        for uid in uids {
            rest.requests[uid] = nil
            rest.ports[uid] = nil
        }
        return rest
    }

    /// Sets aside as well what a Pod asks for that follows one of the node once that has gone, its ports among it.
    mutating func keepRoom(for pod: AcceptedPod, after olds: [PodUID]) {
        guard let old = olds.first(where: { requests[$0] != nil }), let had = requests[old] else { return }
        requests[old] = had.covering(pod.pod.spec.effectiveRequests)
        let wanted = pod.pod.spec.hostPorts
        if !wanted.isEmpty { ports[old, default: []] += wanted }
    }

    /// Sets aside what a Pod asks for that is not on the node.
    ///
    /// - Returns: why it cannot be, in kube-scheduler's words; nil when it is.
    mutating func admit(_ pod: AcceptedPod) -> Admission.Wait? {
        let (asked, wanted) = (pod.pod.spec.effectiveRequests, pod.pod.spec.hostPorts)
        if lacks(wanted, besides: pod.uid) {
            // The scheduler asks no further.
            return .unschedulable(["node(s) didn't have free ports for the requested pod ports"])
        }
        // Sorted, as the scheduler writes them.
        var shortages = CountedResource.allCases.filter { lacks($0, asked, besides: pod.uid) }
            .map { "Insufficient \($0.rawValue)" }
        if let allocatable, requests.count >= allocatable.pods { shortages.append("Too many pods") }
        if shortages.isEmpty {
            requests[pod.uid] = asked
            if !wanted.isEmpty { ports[pod.uid] = wanted }
            return nil
        }
        return .unschedulable(shortages)
    }

    private func lacks(_ wanted: [HostPort], besides uid: PodUID) -> Bool {
        if wanted.isEmpty { return false }
        return ports.contains { owner, taken in
            owner != uid && taken.contains { taken in wanted.contains { $0.excludes(taken) } }
        }
    }

    /// Whether a Pod of the node asks for no more of anything than it has.
    func shrinks(_ pod: AcceptedPod) -> Bool {
        let asked = pod.pod.spec.effectiveRequests
        return CountedResource.allCases.allSatisfy { $0.amount(of: asked) <= has($0, pod.uid) }
    }

    /// Sets aside what a Pod of the node asks for now, in place of what it has.
    ///
    /// - Returns: why it cannot be, in the kubelet's words; nil when it is.
    mutating func change(_ pod: AcceptedPod) -> Admission.Wait? {
        let asked = pod.pod.spec.effectiveRequests
        let growing = CountedResource.allCases.filter { $0.amount(of: asked) > has($0, pod.uid) }
        // kubelet: memory is complained of before cpu
        let short = growing.reversed().filter { lacks($0, asked, besides: pod.uid) }
        guard let allocatable, let first = short.first else {
            requests[pod.uid] = asked
            return nil
        }
        let infeasible = short.first { $0.amount(of: asked) > $0.amount(of: allocatable) }
        let resource = infeasible ?? first
        let figures = "\(resource.rawValue), requested: \(resource.amount(of: asked)), "
        let capacity = "capacity: \(resource.amount(of: allocatable))"
        let message =
            infeasible == nil
            ? "Node didn't have enough resource: \(figures)used: \(used(resource, besides: pod.uid)), \(capacity)"
            : "Node didn't have enough capacity: \(figures)\(capacity)"
        return Admission.Wait(
            reason: infeasible == nil ? .deferred : .infeasible, message: message,
            shortages: short.reversed().map { "Insufficient \($0.rawValue)" })
    }

    private func lacks(_ resource: CountedResource, _ asked: ResourceList, besides uid: PodUID) -> Bool {
        guard let allocatable else { return false }
        let amount = resource.amount(of: asked)
        // Who asks for nothing of it needs none (kube-scheduler).
        return amount > 0 && amount > resource.amount(of: allocatable) - used(resource, besides: uid)
    }

    private func has(_ resource: CountedResource, _ uid: PodUID) -> Int {
        requests[uid].map { resource.amount(of: $0) } ?? 0
    }

    private func used(_ resource: CountedResource, besides uid: PodUID) -> Int {
        requests.reduce(0) { sum, entry in
            if entry.key == uid { return sum }
            let (more, isTooMuch) = sum.addingReportingOverflow(resource.amount(of: entry.value))
            return isTooMuch ? .max : more
        }
    }
}

extension Admission.Wait {
    /// A Pod that the node has no place for, in kube-scheduler's words.
    fileprivate static func unschedulable(_ shortages: [String]) -> Admission.Wait {
        let counted = shortages.map { "1 \($0)" }.joined(separator: ", ")
        return Admission.Wait(
            reason: .unschedulable,
            message: "0/1 nodes are available: \(counted). preemption: 0/1 nodes are available: "
                + "1 No preemption victims found for incoming pod.", shortages: shortages)
    }
}

/// What is counted of a node, by Kubernetes' names, in the order of these.
private enum CountedResource: String, CaseIterable {
    case cpu
    case ephemeralStorage = "ephemeral-storage"
    case memory

    /// In thousandths of a processor, or bytes.
    func amount(of list: ResourceList) -> Int {
        switch self {
        case .cpu: list.cpu?.count ?? 0
        case .ephemeralStorage: list.ephemeralStorage?.count ?? 0
        case .memory: list.memory?.count ?? 0
        }
    }

    func amount(of allocatable: NodeAllocatable) -> Int {
        switch self {
        case .cpu: allocatable.cpu.count
        case .ephemeralStorage: allocatable.ephemeralStorage.count
        case .memory: allocatable.memory.count
        }
    }
}

extension ResourceList {
    /// The larger of both, of each resource that is counted.
    fileprivate func covering(_ other: ResourceList) -> ResourceList {
        func larger(_ resource: CountedResource) -> Int { max(resource.amount(of: self), resource.amount(of: other)) }
        return ResourceList(
            cpu: MilliCPU(larger(.cpu)), memory: Bytes(larger(.memory)),
            ephemeralStorage: Bytes(larger(.ephemeralStorage)))
    }
}
