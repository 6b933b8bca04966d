import Manifests
import PodModel

/// A Pod that could be evicted, and what it takes of what the node is short of.
public struct EvictionCandidate: Hashable, Sendable {
    /// The Pod's record.
    public let record: PodRecord
    /// By container: bytes, or inodes.
    public let usage: [String: Int]
    /// What counts beside the containers: bytes or inodes of its volumes.
    public let volumes: Int
    /// What it said it needs, in bytes; of inodes nobody can say that.
    public let request: Int?

    /// Puts a candidate together.
    public init(record: PodRecord, usage: [String: Int], volumes: Int = 0, request: Int?) {
        self.record = record
        self.usage = usage
        self.volumes = volumes
        self.request = request
    }

    /// All it takes.
    public var total: Int { usage.values.reduce(volumes, +) }

    fileprivate var excess: Int { total - (request ?? 0) }
    fileprivate var isOverRequest: Bool { request.map { total > $0 } ?? false }
}

/// In which order Pods make way (kubelet: `rankMemoryPressure`, `rankDiskPressureFunc`).
public enum EvictionRank {
    /// The candidates, the first to go in front: those that take more than they said, then those that count least, then
    /// those that take most beyond what they said. Critical Pods are never among them.
    public static func ranked(_ candidates: [EvictionCandidate]) -> [EvictionCandidate] {
        candidates.filter(\.mayGo).sorted { left, right in
            if left.isOverRequest != right.isOverRequest { return left.isOverRequest }
            let (leftRank, rightRank) = (left.priority.rank, right.priority.rank)
            if leftRank != rightRank { return leftRank < rightRank }
            if left.excess != right.excess { return left.excess > right.excess }
            return left.record.uid < right.record.uid
        }
    }
}

extension EvictionCandidate {
    fileprivate var priority: PodPriority { record.accepted.pod.spec.priority }

    /// What is ending anyway, or counts more than the node's well-being, stays.
    fileprivate var mayGo: Bool { !priority.isCritical && record.deletion == nil && record.finalPhase == nil }
}

extension PodSpec {
    /// What a Pod says it needs of a resource: of its init containers the one that needs most, of the others the sum.
    func requested(_ amount: (ResourceList) -> Int?) -> Int {
        let lasting = lastingContainers.reduce(0) { $0 + (amount($1.resources.requests) ?? 0) }
        return initContainers.reduce(lasting) { max($0, amount($1.resources.requests) ?? 0) }
    }
}
