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
        let all = pod.spec.containers.map(\.resources)
        containers = Dictionary(
            pod.spec.containers.map { ($0.name, ResourceLimits($0.resources)) }, uniquingKeysWith: { first, _ in first }
        )
        let cpu = Self.sum(all.map { $0.limits.cpu?.count })
        let memory = Self.sum(all.map { $0.limits.memory?.count })
        let requested = all.reduce(Int64(0)) { sum, resources in
            sum.addingReportingOverflow(Int64(resources.requests.cpu?.count ?? 0)).partialValue
        }
        self.pod = ResourceLimits(
            cpuShares: CPUShares(milliCPU: requested), cpuQuota: cpu.map { CPUQuota(milliCPU: $0) },
            memory: memory.map { UInt64($0) }, processes: processes)
    }

    /// The sum of amounts that all are there; zero is as good as none (rule 59).
    private static func sum(_ amounts: [Int?]) -> Int64? {
        var sum: Int64 = 0
        for amount in amounts {
            guard let amount, amount > 0 else { return nil }
            sum = sum.addingReportingOverflow(Int64(amount)).overflow ? .max : sum + Int64(amount)
        }
        return amounts.isEmpty ? nil : sum
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
