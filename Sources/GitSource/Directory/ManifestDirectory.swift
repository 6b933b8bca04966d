import Glibc
import Linux
import Manifests

/// A plain directory, read as a commit's tree is: the same names, the same limits, links not followed.
public struct ManifestDirectory: Hashable, Sendable {
    /// What was found.
    public struct Contents: Hashable, Sendable {
        /// Every `.yaml`, `.yml` and `.json` file, named relative to the directory, sorted by path.
        public var files: [ManifestFile] = []
        /// What should have been read and was not.
        public var unreadable: [UnreadableEntry] = []
    }

    /// Where it is.
    public let path: String
    private let limits: SourceLimits

    /// The directory at `path`.
    public init(path: String, limits: SourceLimits = SourceLimits()) {
        self.path = path
        self.limits = limits
    }

    /// Reads all manifests below. Names that begin with a dot are passed over, files and directories alike.
    ///
    /// Blocks.
    ///
    /// - Throws: `ManifestDirectoryError`, or `SystemError` for what may not be read.
    public func read() throws -> Contents {
        let root = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        var contents = Contents()
        var bytes = 0
        try walk(root, "", below: root.raw, &contents, &bytes)
        contents.files.sort { $0.path < $1.path }
        contents.unreadable.sort { $0.path < $1.path }
        return contents
    }

    private func walk(
        _ directory: borrowing Descriptor, _ prefix: String, below root: Int32, _ contents: inout Contents,
        _ bytes: inout Int
    ) throws {
        for name in try directory.names() where !name.hasPrefix(".") {
            let path = prefix + name
            guard let status = try Descriptor.status(of: name, at: directory.raw) else { continue }
            switch status.kind {
            case .directory:
                let child = try Descriptor.open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, at: directory.raw)
                try walk(child, path + "/", below: root, &contents, &bytes)
            case .regular:
                guard name.isManifestName else { continue }
                try read(name, path, status.size, in: directory, &contents, &bytes)
            case .other:
                guard let target = linkTarget(of: name, in: directory) else { continue }
                if name.isManifestName || !leadsToFile(target, from: prefix, below: root) {
                    contents.unreadable.append(UnreadableEntry(path: path, reason: .symbolicLink(target: target)))
                }
            }
        }
    }

    private func read(
        _ name: String, _ path: String, _ size: Int64, in directory: borrowing Descriptor, _ contents: inout Contents,
        _ bytes: inout Int
    ) throws {
        guard size <= Int64(limits.fileBytes) else {
            let reason = UnreadableEntry.Reason.tooLarge(size: Int(size), limit: limits.fileBytes)
            return contents.unreadable.append(UnreadableEntry(path: path, reason: reason))
        }
        let file = try Descriptor.open(name, O_RDONLY | O_NOFOLLOW, at: directory.raw)
        contents.files.append(ManifestFile(path: path, contents: try file.readToEnd()))
        bytes += Int(size)
        if contents.files.count > limits.files { throw ManifestDirectoryError.tooManyFiles(limit: limits.files) }
        if bytes > limits.totalBytes { throw ManifestDirectoryError.tooManyBytes(limit: limits.totalBytes) }
    }

    /// Where a link leads; nil for what is no link.
    private func linkTarget(of name: String, in directory: borrowing Descriptor) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(directory.raw, name, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether a relative link leads to a plain file of the same directory: one that leads anywhere else may stand where
    /// manifests were.
    private func leadsToFile(_ target: String, from prefix: String, below root: Int32) -> Bool {
        if target.hasPrefix("/") { return false }
        var parts = prefix.split(separator: "/").map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part != ".." { parts.append(String(part)) } else if parts.popLast() == nil { return false }
        }
        if parts.isEmpty { return false }
        guard let file = try? Descriptor.openBeneath(root, parts.joined(separator: "/"), O_RDONLY | O_NONBLOCK),
            let status = try? file.status()
        else { return false }
        return status.kind == .regular
    }
}

/// Why a directory is not read at all.
public enum ManifestDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More manifests than will be read.
    case tooManyFiles(limit: Int)
    /// More bytes of manifests than will be read.
    case tooManyBytes(limit: Int)

    /// A sentence.
    public var description: String {
        switch self {
        case .tooManyFiles(let limit): "there are more than \(limit) manifests; choose a directory with fewer"
        case .tooManyBytes(let limit): "there are more than \(limit) bytes of manifests; choose a directory with fewer"
        }
    }
}
