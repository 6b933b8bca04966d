import Cgroups
import Manifests

/// What a Pod's manifest asks of the machine, in the kernel's measures. Pure; the kubelet's rules.
struct PodLimits: Sendable, Hashable {
    /// What all its containers together get. A bound only where every container has one: the others are without.
    let pod: ResourceLimits
    /// By container name.
    let containers: [String: ResourceLimits]

    /// - Parameter processes: how many processes and threads the Pod may have.
    init(_ pod: Pod, processes: Int) {
        let spec = pod.spec
        let whole = spec.resources?.limits ?? ResourceList()
        containers = Dictionary(
            spec.allContainers.map { ($0.name, ResourceLimits($0.resources, within: whole)) },
            uniquingKeysWith: { first, _ in first })
        let (requests, limits) = (spec.effectiveRequests, spec.effectiveLimits)
        self.pod = ResourceLimits(
            cpuShares: CPUShares(milliCPU: Int64(requests.cpu?.count ?? 0)),
            cpuQuota: limits.cpu.map { CPUQuota(milliCPU: Int64($0.count)) },
            memory: limits.memory.map { UInt64($0.count) }, processes: processes)
    }
}

extension ResourceLimits {
    /// One container's; what it does not bound, its Pod's bounds do. Zero is as good as no bound.
    init(_ resources: ResourceRequirements, within whole: ResourceList = ResourceList()) {
        func bound(_ amount: (ResourceList) -> Int?) -> Int? {
            [resources.limits, whole].lazy.compactMap(amount).first { $0 > 0 }
        }
        self.init(
            cpuShares: CPUShares(milliCPU: Int64(resources.requests.cpu?.count ?? 0)),
            cpuQuota: bound { $0.cpu?.count }.map { CPUQuota(milliCPU: Int64($0)) },
            memory: bound { $0.memory?.count }.map { UInt64($0) })
    }
}

extension QoSClass {
    /// Where Pods of this class live.
    var tier: PodTier {
        switch self {
        case .guaranteed: .guaranteed
        case .burstable: .burstable
        case .bestEffort: .bestEffort
        }
    }
}

extension Set<Controller> {
    /// What a user is told whose limits are not kept for want of these controllers; nil for nothing.
    func sentence(about subject: String) -> String? {
        if isEmpty { return nil }
        let names = map(\.rawValue).sorted().joined(separator: " and ")
        return "the \(names) limits of \(subject) are not in force: this machine has no \(names) controller for cgroups"
    }
}
