import Glibc
import Linux

/// This node's control groups: `<parent>/supervisors`, and per Pod `<parent>[/<tier>]/pod<uid>/<container>[/<exec>]`, with
/// the tiers `burstable` and `besteffort` (`PodTier`).
///
/// On a hybrid machine the same names exist in the unified tree, which lists and kills, and in each v1 hierarchy used.
/// Processes live in leaves only, as v2 demands: no process in a Pod's cgroup itself (its `pause` has a container's
/// cgroup), and a container's cgroup has its controllers for itself while execs below it have none of their own.
///
/// Every call opens what it needs from the parent down, checks the mark there, and is complete when it returns; an
/// interrupted one is made good by calling it again.
public struct CgroupTree: Sendable, Hashable {
    /// How this machine is laid out.
    public let backend: Backend
    /// Where everything of ours lies, below the root of each hierarchy.
    public let parent: CgroupPath
    /// The id of the state directory that it belongs to.
    public let instance: String
    /// The unified tree first; of the v1 hierarchies those that this machine has.
    let hierarchies: [Hierarchy]

    /// The unified tree.
    var unified: Hierarchy { hierarchies[0] }

    /// Looks at what is mounted; makes nothing.
    ///
    /// - Parameters:
    ///   - root: where control groups are mounted.
    ///   - parent: a path below the root of each hierarchy.
    ///   - instance: the id of the state directory.
    public static func detect(
        root: String = "/sys/fs/cgroup", parent: String, instance: String
    ) throws(CgroupError) -> CgroupTree {
        let parent = try CgroupPath(parent)
        let instance = try CgroupName(instance).description
        if try magic(root) == cgroup2Magic {
            let tree = Hierarchy(kind: .unified, mount: root)
            return CgroupTree(backend: .unified, parent: parent, instance: instance, hierarchies: [tree])
        }
        guard try magic("\(root)/unified") == cgroup2Magic else { throw .noUnifiedHierarchy(root: root) }
        var hierarchies = [Hierarchy(kind: .unified, mount: "\(root)/unified")]
        for controller in Controller.allCases {
            let mount = "\(root)/\(controller.rawValue)"
            guard try magic(mount) == cgroupMagic else { continue }
            hierarchies.append(Hierarchy(kind: .legacy(controller), mount: mount))
        }
        return CgroupTree(backend: .hybrid, parent: parent, instance: instance, hierarchies: hierarchies)
    }

    /// The hierarchy in which a controller's files are; nil when this machine has no such controller.
    func hierarchy(of controller: Controller) -> Hierarchy? {
        backend == .unified ? unified : hierarchies.first { $0.legacyController == controller }
    }

    /// The parent's path in a hierarchy, for messages.
    func path(in hierarchy: Hierarchy) -> String { "\(hierarchy.mount)/\(parent)" }
}

/// `CGROUP2_SUPER_MAGIC` and `CGROUP_SUPER_MAGIC` (linux/magic.h).
private let cgroup2Magic: Int64 = 0x6367_7270
private let cgroupMagic: Int64 = 0x0027_e0eb

/// What kind of file system a directory is on; nil when it does not exist.
private func magic(_ path: String) throws(CgroupError) -> Int64? {
    do {
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        return try directory.filesystemMagic()
    } catch {
        if error.code == ENOENT { return nil }
        throw .kernel(doing: "look at", path: path, error)
    }
}
