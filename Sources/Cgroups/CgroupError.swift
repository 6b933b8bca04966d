import Glibc
import Linux

/// Why processes cannot be put into, counted in or removed from a control group.
public enum CgroupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A Pod's or container's id that cannot name a cgroup.
    case invalidName(String)
    /// A parent path that cannot be used.
    case invalidParent(String)
    /// No unified hierarchy is mounted.
    case noUnifiedHierarchy(root: String)
    /// A running container uses more memory than it is to get.
    case limitBelowUse(container: String, limit: UInt64, used: UInt64)
    /// The parent exists and does not carry our mark.
    case foreignParent(path: String, mark: String?, instance: String)
    /// The parent is gone.
    case parentMissing(path: String)
    /// A cgroup still has processes or children after all patience.
    case busy(path: String, processes: [pid_t])
    /// Pods still have cgroups, so their parent cannot go.
    case podsRemain(path: String, pods: [String])
    /// The kernel refused.
    case kernel(doing: String, path: String, SystemError)

    /// A sentence that says what, where, why and what to do.
    public var description: String {
        switch self {
        case .invalidName(let name):
            return "\"\(name)\" cannot name a cgroup: ids consist of 1 to 128 letters, digits, '-' and '_'"
        case .invalidParent(let path):
            return "\"\(path)\" cannot be the cgroup parent: use --cgroup-parent with names of letters, digits, '-', "
                + "'_', '.' and '@', relative to the root of the hierarchy and without \"..\""
        case .noUnifiedHierarchy(let root):
            return "no cgroup v2 hierarchy at \(root) or \(root)/unified: "
                + "mount one (mount -t cgroup2 cgroup2 \(root)/unified)"
        case .limitBelowUse(let container, let limit, let used):
            return "container \(container) uses \(used) bytes of memory, more than the limit of \(limit) that it is to "
                + "get: it keeps its old limit until it uses less"
        case .foreignParent(let path, let mark, let instance):
            let owner = mark.map { "it belongs to instance \($0), we are \(instance)" } ?? "it carries no mark of ours"
            return "cgroup \(path) exists and is not ours (\(owner)): choose another with --cgroup-parent, "
                + "or remove it if nothing uses it (rmdir \(path))"
        case .parentMissing(let path):
            return "cgroup \(path) is not there: it was removed after this node had been prepared"
        case .busy(let path, let processes):
            let holders =
                processes.isEmpty
                ? "children" : "processes \(processes.map { String($0) }.joined(separator: ", "))"
            return "cgroup \(path) cannot be removed: \(holders) remain in it; kill them and try again"
        case .podsRemain(let path, let pods):
            return "cgroup \(path) cannot be removed: Pods \(pods.joined(separator: ", ")) are still in it"
        case .kernel(let doing, let path, let error):
            return "cannot \(doing) cgroup \(path): \(error)"
        }
    }
}
