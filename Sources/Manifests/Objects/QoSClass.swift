/// How a Pod's processes fare when the node runs short (Kubernetes `ComputePodQOS`).
public enum QoSClass: String, Hashable, Sendable {
    /// Every container has limits for cpu and memory, and requests just these.
    case guaranteed = "Guaranteed"
    /// Some container requests or limits something.
    case burstable = "Burstable"
    /// No container says anything.
    case bestEffort = "BestEffort"

    /// By the resources of the Pod as a whole where it has any, else of its containers; an amount of zero counts as not
    /// said.
    public init(_ spec: PodSpec) {
        let resources = spec.resources.map { [$0] } ?? spec.allContainers.map(\.resources)
        if resources.allSatisfy(\.saysNothing) {
            self = .bestEffort
        } else {
            self = resources.allSatisfy(\.isGuaranteed) ? .guaranteed : .burstable
        }
    }
}

extension ResourceRequirements {
    fileprivate var saysNothing: Bool {
        [limits, requests].allSatisfy { ($0.cpu?.count ?? 0) == 0 && ($0.memory?.count ?? 0) == 0 }
    }

    fileprivate var isGuaranteed: Bool {
        guard let cpu = limits.cpu, let memory = limits.memory, cpu.count > 0, memory.count > 0 else { return false }
        return requests.cpu == cpu && requests.memory == memory
    }
}
