import Glibc
import Linux
import Manifests
import PodModel
import Synchronization

/// Which of the node's users stand for which Pod's (`hostUsers: false`): no two Pods' are the same, so that one that breaks
/// out is nobody to the other and to the node. Made from the records at every start, so that no crash can leak a range.
final class UserRanges: Sendable {
    /// The kernel and many programs take no larger numbers than 2^31-1.
    private static let indices: ClosedRange<UInt16> = 1...32767
    private let owners: Mutex<[PodUID: UserRange]>
    private let files: [String]

    /// - Parameters:
    ///   - records: of the Pods that have ranges.
    ///   - files: who else was given users of the node's, lines of `name:first:count`.
    init(_ records: [PodRecord], besides files: [String] = ["/etc/subuid", "/etc/subgid"]) {
        owners = Mutex(
            Dictionary(records.compactMap { record in record.users.map { (record.uid, $0) } }) { first, _ in first })
        self.files = files
    }

    /// The Pod's range: the one it has, else the first that nobody has; nil when there is none.
    func take(for uid: PodUID) -> UserRange? {
        let others = files.flatMap { Self.ranges(in: ((try? text(of: $0)) ?? nil) ?? "") }
        return owners.withLock { owners in
            if let own = owners[uid] { return own }
            let taken = Set(owners.values)
            let free = Self.indices.lazy.map(UserRange.init(index:)).first { range in
                !taken.contains(range) && !others.contains { $0.overlaps(range.numbers) }
            }
            owners[uid] = free
            return free
        }
    }

    /// Gives a Pod's range back.
    func release(_ uid: PodUID) { _ = owners.withLock { $0.removeValue(forKey: uid) } }

    /// What a file of subordinate users says; a line that makes no sense says nothing.
    static func ranges(in text: String) -> [Range<UInt64>] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, let first = UInt32(fields[1]), let count = UInt32(fields[2]) else { return nil }
            return UInt64(first)..<UInt64(first) + UInt64(count)
        }
    }
}

/// Users of a Pod's own (`hostUsers: false`).
public enum OwnUsers {
    /// Why there are none, and what it takes: what a Pod is told, and `doctor` says.
    public static let refusal =
        "no Pod can have users of its own: hostUsers: false takes Linux 6.3 or newer, user namespaces, and images and "
        + "volumes on ext4, xfs, btrfs or tmpfs"
}

extension NodeRuntime {
    /// The users of a Pod that is to have its own, written down before anything is made of it; nil for any other.
    func users(of record: PodRecord) async throws -> UserRange? {
        guard record.accepted.pod.spec.namespaces.hostUsers == false else { return nil }
        guard let range = userRanges.take(for: record.uid) else {
            throw ActionFailure(
                reason: "FailedCreatePodSandBox",
                message: "no users of the node's are left for the Pod's own: run fewer Pods with hostUsers: false, or "
                    + "give less away in /etc/subuid and /etc/subgid")
        }
        if record.users != range { try await records.change(record.uid) { $0.users = range } }
        return range
    }
}
