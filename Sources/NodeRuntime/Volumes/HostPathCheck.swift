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
        let root = try Descriptor.open(grant.root, Descriptor.pathOnly)
        if grant.rest.isEmpty { return try requireKind(root) }
        do {
            try requireKind(Descriptor.openInRoot(root.raw, grant.rest, Descriptor.pathOnly))
        } catch let error as SystemError where error.code == ENOENT && type.isMade {
            try make(grant.rest, below: root)
        } catch let error as SystemError where error.code == ENOENT {
            // kubelet: what is not there is not of the kind either.
            if let (_, words) = type.kind { throw refusal(words) }
            throw SystemError("open", path, code: error.code)
        }
    }

    private func make(_ rest: String, below root: borrowing Descriptor) throws {
        let parts = rest.split(separator: "/").map(String.init)
        var directory = try root.duplicate()
        for part in parts.dropLast() {
            if type == .directoryOrCreate, mkdirat(directory.raw, part, 0o755) != 0, errno != EEXIST {
                throw SystemError("mkdirat", path)
            }
            directory = try Descriptor.openInRoot(directory.raw, part, Descriptor.pathOnly | O_DIRECTORY)
        }
        guard let name = parts.last else { return }
        let made =
            type == .directoryOrCreate
            ? mkdirat(directory.raw, name, 0o755) : mknodat(directory.raw, name, S_IFREG | 0o644, 0)
        if made != 0, errno != EEXIST { throw SystemError("make", path) }
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
}

extension HostPathType {
    /// Whether it is made where there is none.
    fileprivate var isMade: Bool { self == .directoryOrCreate || self == .fileOrCreate }

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
