import Glibc
import Linux
import Manifests
import PodModel

extension HostPathVolume {
    /// Makes what is to be made, and sees that what must be there is.
    ///
    /// Opened within what is allowed, as it will be when it is mounted: a link that leads out of that leads nowhere.
    ///
    /// - Throws: an error in the kubelet's words.
    func check(_ grant: HostPathPolicy.Grant) throws {
        var found = try Descriptor.open("/", Descriptor.pathOnly)
        let steps = [HostPathPolicy.Step(path: grant.base)] + grant.steps
        for (number, step) in steps.enumerated() {
            found = try reach(step, from: found, grant, isLast: number == steps.count - 1)
        }
        try requireKind(found)
    }

    /// Sees that no link was put on the way since. The birth follows none either, but that of a supervisor of an earlier release.
    ///
    /// - Throws: an error in the kubelet's words.
    func checkLinks(_ grant: HostPathPolicy.Grant) throws {
        var found = try Descriptor.open(grant.base, Descriptor.pathOnly)
        for step in grant.steps.prefix(while: { !$0.followsLinks }) {
            do { found = try step.open(step.path, in: found) } catch {
                if error.code == ELOOP { throw strayed(step) }
                throw error
            }
        }
    }

    private func reach(
        _ step: HostPathPolicy.Step, from directory: borrowing Descriptor, _ grant: HostPathPolicy.Grant, isLast: Bool
    ) throws -> Descriptor {
        do { return try step.open(step.path, in: directory) } catch {
            switch error.code {
            case ELOOP where !step.followsLinks: throw strayed(step)
            case ENOENT: break
            default: throw error
            }
        }
        try requireMaking(grant)
        try make(step, in: directory, isLast: isLast)
        return try step.open(step.path, in: directory)
    }

    /// What is not there is made, unless it was to be there, or may only be read.
    private func requireMaking(_ grant: HostPathPolicy.Grant) throws {
        // kubelet: what is not there is not of the kind either.
        if let (_, words) = type.kind, !type.isMade { throw refusal(words) }
        if !grant.isReadOnly { return }
        throw ActionFailure(
            reason: "FailedMount",
            message:
                "hostPath \(path) does not exist, and is not made, for the node's policy lets Pods of this "
                + "namespace only read there: make it on the node, or have its administrator allow it for writing (--policy)"
        )
    }

    /// Makes a directory and those above it (containerd: what is to be mounted and says no type is one), or a file in one
    /// that is there.
    private func make(_ step: HostPathPolicy.Step, in directory: borrowing Descriptor, isLast: Bool) throws {
        let parts = step.path.split(separator: "/")
        for (number, part) in parts.enumerated() {
            let isEnd = isLast && number == parts.count - 1
            if type == .fileOrCreate && !isEnd { continue }
            let parent =
                number == 0
                ? try directory.duplicate()
                : try step.open(
                    parts[..<number].joined(separator: "/"), in: directory, Descriptor.pathOnly | O_DIRECTORY)
            let made =
                type == .fileOrCreate
                ? mknodat(parent.raw, String(part), S_IFREG | 0o644, 0) : mkdirat(parent.raw, String(part), 0o755)
            if made != 0, errno != EEXIST { throw SystemError("make", path) }
        }
    }

    private func requireKind(_ found: borrowing Descriptor) throws {
        var status = stat()
        let raw = found.raw
        try retrying("fstat", path) { fstat(raw, &status) }
        if let (kind, words) = type.kind, status.st_mode & S_IFMT != kind { throw refusal(words) }
    }

    private func refusal(_ words: String) -> ActionFailure {
        ActionFailure(reason: "FailedMount", message: "hostPath type check failed: \(path) is not \(words)")
    }

    private func strayed(_ step: HostPathPolicy.Step) -> ActionFailure {
        ActionFailure(
            reason: "FailedMount",
            message: "hostPath \(path) is allowed by a rule for a directory that is a link, or lies behind one, where "
                + "other Pods may write (\(step.path)): have the node's administrator name the directory itself (--policy)"
        )
    }
}

extension HostPathPolicy.Step {
    /// Opens it, or a path that leads up to it, within `directory`.
    fileprivate func open(
        _ path: String, in directory: borrowing Descriptor, _ flags: Int32 = Descriptor.pathOnly
    ) throws(SystemError) -> Descriptor {
        try Descriptor.openInRoot(directory.raw, path, flags, followingLinks: followsLinks)
    }
}

extension HostPathType {
    /// The kind of file, and in words.
    fileprivate var kind: (mode_t, String)? {
        switch self {
        case .any: nil
        case .directory, .directoryOrCreate: (S_IFDIR, "a directory")
        case .file, .fileOrCreate: (S_IFREG, "a file")
        case .socket: (S_IFSOCK, "a socket file")
        case .charDevice: (S_IFCHR, "a character device")
        case .blockDevice: (S_IFBLK, "a block device")
        }
    }
}
