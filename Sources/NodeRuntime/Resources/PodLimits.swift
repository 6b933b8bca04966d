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
        let all = pod.spec.allContainers
        containers = Dictionary(
            all.map { ($0.name, ResourceLimits($0.resources)) }, uniquingKeysWith: { first, _ in first })
        let cpu = Self.bound(pod.spec) { $0.limits.cpu?.count }
        let memory = Self.bound(pod.spec) { $0.limits.memory?.count }
        let requested = Self.most(pod.spec) { $0.requests.cpu?.count ?? 0 }
        self.pod = ResourceLimits(
            cpuShares: CPUShares(milliCPU: requested), cpuQuota: cpu.map { CPUQuota(milliCPU: $0) },
            memory: memory.map { UInt64($0) }, processes: processes)
    }

    /// What is bounded where each container is; zero is as good as no bound (rule 59).
    private static func bound(_ spec: PodSpec, _ amount: (ResourceRequirements) -> Int?) -> Int64? {
        let isBounded = spec.allContainers.allSatisfy { (amount($0.resources) ?? 0) > 0 }
        return isBounded && !spec.containers.isEmpty ? most(spec) { amount($0) ?? 0 } : nil
    }

    /// The most that containers have together at any time: an init container runs beside the sidecars before it, the
    /// containers beside all of them (rule 60).
    private static func most(_ spec: PodSpec, _ amount: (ResourceRequirements) -> Int) -> Int64 {
        var sidecars: Int64 = 0
        var most: Int64 = 0
        for container in spec.initContainers {
            let together = sum(sidecars, amount(container.resources))
            most = max(most, together)
            if container.isSidecar { sidecars = together }
        }
        return max(most, spec.containers.reduce(sidecars) { sum($0, amount($1.resources)) })
    }

    private static func sum(_ left: Int64, _ right: Int) -> Int64 {
        let (sum, isTooMuch) = left.addingReportingOverflow(Int64(right))
        return isTooMuch ? .max : sum
    }
}

extension ResourceLimits {
    /// One container's.
    init(_ resources: ResourceRequirements) {
        self.init(
            cpuShares: CPUShares(milliCPU: Int64(resources.requests.cpu?.count ?? 0)),
            cpuQuota: (resources.limits.cpu?.count).flatMap { $0 > 0 ? CPUQuota(milliCPU: Int64($0)) : nil },
            memory: (resources.limits.memory?.count).flatMap { $0 > 0 ? UInt64($0) : nil })
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
