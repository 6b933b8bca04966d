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

extension EvictionCandidate {
    /// A Pod that would give back memory.
    ///
    /// - Parameter memory: bytes, by container.
    init(_ record: PodRecord, memory: [String: Int]) {
        self.init(
            record: record, usage: memory, request: record.accepted.pod.spec.effectiveRequests.memory?.count)
    }

    /// A Pod that would give back what it keeps on the disk.
    init(_ record: PodRecord, disk: PodDiskUse, for signal: EvictionSignal) {
        let count: (DiskUse) -> Int = { signal.resource == "inodes" ? $0.inodes : $0.bytes }
        self.init(
            record: record, usage: disk.containers.mapValues(count),
            volumes: disk.volumes.values.map(count).reduce(0, +),
            request: signal.resource == "inodes"
                ? nil : record.accepted.pod.spec.effectiveRequests.ephemeralStorage?.count)
    }

    /// Whether its end would help: a disk that something else fills is no reason to end a Pod that keeps next to nothing
    /// on it.
    func isOfUse(for signal: EvictionSignal) -> Bool {
        switch signal.resource {
        case "memory": true
        case "inodes": total >= 100
        default: total >= 1 << 20
        }
    }
}
