import CLinux
import Foundation
import Glibc
import Linux
import NodeRuntime
import PodNetwork

/// Does once what every Pod needs, in namespaces that end with this process: run it in a worker of its own.
struct ThrowawayNode {
    /// The node's state directory, below which layers are to be written; need not exist.
    let stateDirectory: String

    /// Tries everything; what one thing spoils, others may still show.
    func findings() -> [Finding] {
        let namespaces = namespaces()
        guard namespaces.allSatisfy({ $0.verdict == .ok }), clinux_make_mounts_private() == 0 else { return namespaces }
        return namespaces + [calls(), overlay(), users()] + network()
    }

    /// Some Pods want it, most do not.
    private func users() -> Finding {
        var failed: UnsafePointer<CChar>?
        if clinux_try_users(Self.existing(stateDirectory), &failed) == 0 {
            return .ok("users", "Pods can have users of their own (hostUsers: false)")
        }
        let reason = "\(failed.map { String(cString: $0) } ?? "clone"): \(String(cString: strerror(errno)))"
        return .note(
            "users", "\(OwnUsers.refusal) (\(reason))", remedy: "leave hostUsers: false out of Pods for this node")
    }

    /// By number: the kernel's ABI (linux/sched.h).
    private static let kinds: [(flag: Int32, name: String)] = [
        (0x0002_0000, "mount"), (0x4000_0000, "network"), (0x0800_0000, "ipc"), (0x0400_0000, "uts"),
        (0x2000_0000, "pid"), (0x0200_0000, "cgroup"),
    ]

    private func namespaces() -> [Finding] {
        let refused = Self.kinds.compactMap { kind in
            clinux_unshare(kind.flag) == 0 ? nil : (name: kind.name, code: errno)
        }
        if refused.isEmpty { return [.ok("namespaces", "mount, network, ipc, uts, pid and cgroup can be made")] }
        return refused.map { Self.refusal(ofNamespace: $0.name, $0.code) }
    }

    /// What it means when the kernel refuses a namespace: also what `reconcile` says then.
    static func refusal(ofNamespace name: String, _ code: Int32) -> Finding {
        let remedy =
            switch code {
            case ENOSPC: "raise user.max_\(name.prefix(3))_namespaces (sysctl)"
            case EINVAL: "boot a kernel that has this kind of namespace"
            default: "run the agent as root, outside of what forbids it (seccomp, RestrictNamespaces=)"
            }
        return .problem(
            "namespaces",
            "no \(name) namespace can be made (\(String(cString: strerror(code)))): no Pod can be started",
            remedy: remedy)
    }

    private func calls() -> Finding {
        var missing: [String] = []
        let process = clinux_pidfd_open(getpid())
        if process < 0 { missing.append("pidfd_open") } else { close(process) }
        let file = clinux_openat2(AT_FDCWD, "/", UInt64(UInt32(bitPattern: O_RDONLY | O_CLOEXEC)), 0, 0)
        if file < 0 { missing.append("openat2") } else { close(file) }
        let tree = clinux_read_only_tree("/")
        if tree < 0 { missing.append("open_tree, mount_setattr") } else { close(tree) }
        if missing.isEmpty { return .ok("system calls", "pidfd, openat2 and mounts by descriptor work") }
        return .problem(
            "system calls", "refused: \(missing.joined(separator: ", ")): no Pod can be started",
            remedy: "use a newer kernel, or lift the seccomp filter that forbids them")
    }

    /// Mounts a writable layer over another one where containers will have theirs, and writes through it.
    private func overlay() -> Finding {
        let base = Self.existing(stateDirectory)
        let directory = "\(base)/.doctor-\(getpid())"
        let parts = ["lower", "upper", "work", "merged"].map { "\(directory)/\($0)" }
        do {
            for part in parts {
                try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
            }
        } catch {
            return .problem(
                "layers", "\(base) cannot be written to: \(error.localizedDescription)",
                remedy: "choose another --state-dir, or make it writable")
        }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var failed: UnsafePointer<CChar>?
        guard clinux_mount_overlay(parts[0], parts[1], parts[2], parts[3], &failed) == 0 else {
            let reason = "\(failed.map { String(cString: $0) } ?? "mount"): \(String(cString: strerror(errno)))"
            return .problem(
                "layers", "overlayfs does not take \(base) as its upper layer (\(reason)): no container can be started",
                remedy: "put --state-dir on ext4, xfs, btrfs or tmpfs; modprobe overlay")
        }
        defer { umount2(parts[3], Int32(MNT_DETACH)) }
        guard (try? Data("x".utf8).write(to: URL(filePath: "\(parts[3])/file"))) != nil,
            access("\(parts[1])/file", F_OK) == 0
        else {
            return .problem(
                "layers", "an overlay on \(base) cannot be written to", remedy: "put --state-dir on another file system"
            )
        }
        return .ok("layers", "overlayfs writes to \(base)")
    }

    private func network() -> [Finding] {
        do {
            let socket = try NetlinkSocket()
            let address: [UInt8] = [0x02, 0, 0, 0, 0, 1]
            try socket.request(.createBridge("doctor0", hardwareAddress: address))
            let inside = try Descriptor.open("/proc/thread-self/ns/net")
            try socket.request(
                .createVeth("doctor1", peer: "doctor2", peerHardwareAddress: address, inside: inside.raw))
            return [.ok("network", "bridges and veth pairs can be made"), filter()]
        } catch {
            return [
                .problem(
                    "network", "no link can be made (\(error)): Pods get no address, and are not started",
                    remedy: "modprobe bridge veth")
            ]
        }
    }

    private func filter() -> Finding {
        do {
            try NodeNetwork.tryFilter()
            return .ok("nftables", "ports of the node can lead to Pods, and Pods go beyond it in its name")
        } catch {
            return .note(
                "nftables", "\(error): hostPort cannot be had, and Pods go beyond this node by addresses of their own",
                remedy: PacketFilter.remedy)
        }
    }

    private static func existing(_ path: String) -> String {
        var parts = path.split(separator: "/")
        while !parts.isEmpty, access("/" + parts.joined(separator: "/"), F_OK) != 0 { parts.removeLast() }
        return "/" + parts.joined(separator: "/")
    }
}
