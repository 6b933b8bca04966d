import Cgroups
import Glibc
import Linux

/// How control groups are laid out, which controllers there are, and whether we may make groups.
enum CgroupCheck {
    static let subject = "cgroups"

    /// - Parameter root: where control groups are mounted.
    static func findings(parent: String, instance: String, root: String = "/sys/fs/cgroup") -> [Finding] {
        do {
            let tree = try CgroupTree.detect(root: root, parent: parent, instance: instance)
            let refusals = places(tree.backend, root).compactMap(refusal)
            let writable =
                refusals.isEmpty
                ? [Finding.ok(subject, "groups can be made; memory and pids are counted and limited")] : refusals
            return [layout(tree.backend)] + writable + [cpu(tree.backend, root)]
        } catch {
            return [.problem(subject, "\(error)", remedy: "boot with cgroup v2: systemd.unified_cgroup_hierarchy=1")]
        }
    }

    private static func layout(_ backend: Backend) -> Finding {
        switch backend {
        case .unified: .ok(subject, "v2: one tree with every controller")
        case .hybrid:
            .note(
                subject, "v1 controllers beside a v2 tree: Pods run, the first start after a pause takes 8 ms longer",
                remedy: "boot with systemd.unified_cgroup_hierarchy=1 for v2 alone")
        }
    }

    private static func places(_ backend: Backend, _ root: String) -> [String] {
        switch backend {
        case .unified: [root]
        case .hybrid:
            ["\(root)/unified"]
                + Controller.allCases.map { "\(root)/\($0.rawValue)" }.filter { access($0, F_OK) == 0 }
        }
    }

    /// Makes a group and removes it again; nil when the kernel lets us.
    private static func refusal(_ place: String) -> Finding? {
        let group = "\(place)/reconcile-doctor-\(getpid())"
        guard mkdir(group, 0o755) == 0 else { return refusal(place, errno) }
        rmdir(group)
        return nil
    }

    /// What it means when the kernel refuses a group: also what `reconcile` says then.
    static func refusal(_ place: String, _ code: Int32) -> Finding {
        let reason = String(cString: strerror(code))
        switch code {
        case EROFS:
            return .problem(
                subject, "\(place) is read-only: no Pod can be limited, counted or ended, so none is started",
                remedy: "mount -o remount,rw \(place); in a container, run it with a writable /sys/fs/cgroup")
        case EACCES, EPERM:
            return .problem(
                subject, "no group may be made in \(place) (\(reason)): no Pod can be started",
                remedy: "run the agent as root, outside of a container")
        default:
            return .problem(
                subject, "no group can be made in \(place): \(reason)",
                remedy: "see cgroup.max.descendants in \(place), and the kernel's log")
        }
    }

    /// What `reconcile` adds to an error of the kernel's; nil when it is about something else.
    static func hint(for error: any Error) -> String? {
        switch error {
        case CgroupError.kernel(_, let path, let reason): refusal(path, reason.code).sentence
        case CgroupError.noUnifiedHierarchy:
            "reconcile-agent doctor says what this kernel has"
        default: nil
        }
    }

    private static func cpu(_ backend: Backend, _ root: String) -> Finding {
        let has =
            switch backend {
            case .unified:
                (MachineFile.text("\(root)/cgroup.controllers") ?? "").split(separator: " ").contains("cpu")
            case .hybrid: access("\(root)/cpu/cpu.shares", F_OK) == 0
            }
        if has { return .ok(subject, "the cpu controller is there") }
        return .note(
            subject, "no cpu controller: cpu requests and limits have no effect",
            remedy: "boot the kernel with CONFIG_CGROUP_SCHED, without cgroup_disable=cpu")
    }
}
