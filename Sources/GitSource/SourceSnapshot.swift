import Manifests

/// The manifests of one revision.
public struct SourceSnapshot: Hashable, Sendable {
    /// The commit they were read from.
    public let commit: CommitInfo
    /// Every `.yaml`, `.yml` and `.json` file below the directory, by paths relative to it, sorted. Content ids are those
    /// of git's blobs.
    ///
    /// Names that begin with a dot are passed over, files and directories alike (`.github/`): so does the kubelet with
    /// its manifest directory.
    public let files: [ManifestFile]
    /// What should have been read and was not. Its application must keep its previous revision: treating these as
    /// absent would delete what they declare.
    public let unreadable: [UnreadableEntry]
    /// Directories that are submodules: what they hold is not in this repository, and is not read.
    public let submodules: [String]
    /// The damage for which the clone was made anew before this was read; nil as a rule.
    public let repairedDamage: String?

    /// Describes a snapshot.
    public init(
        commit: CommitInfo, files: [ManifestFile], unreadable: [UnreadableEntry] = [], submodules: [String] = [],
        repairedDamage: String? = nil
    ) {
        self.commit = commit
        self.files = files
        self.unreadable = unreadable
        self.submodules = submodules
        self.repairedDamage = repairedDamage
    }
}

/// An entry of the tree that looks like manifests but is not read.
public struct UnreadableEntry: Hashable, Sendable, CustomStringConvertible {
    /// Relative to the directory that is followed.
    public let path: String
    /// Why it was not read.
    public let reason: Reason

    /// Why an entry is not read.
    public enum Reason: Hashable, Sendable {
        /// A symbolic link to a manifest or a directory.
        case symbolicLink(target: String)
        /// A file of more than `limit` bytes.
        case tooLarge(size: Int, limit: Int)

        /// What follows the path in a sentence.
        public var words: String {
            switch self {
            case .symbolicLink(let target): "is a symbolic link to \(target), and links are not followed"
            case .tooLarge(let size, let limit): "holds \(size) bytes, more than the \(limit) a manifest may have"
            }
        }

        /// What to do about it.
        public var advice: String {
            switch self {
            case .symbolicLink: "commit what it leads to"
            case .tooLarge: "split it"
            }
        }
    }

    /// Names an entry and why it was not read.
    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// A full sentence.
    public var description: String {
        "\(path) \(reason.words); \(reason.advice)"
    }
}

/// How much of a repository is read at most.
public struct SourceLimits: Hashable, Sendable {
    /// Bytes of one file. A Kubernetes object is at most 1.5 MiB; a file may hold several.
    public var fileBytes = 4 << 20
    /// Bytes of all files together.
    public var totalBytes = 64 << 20
    /// Number of files.
    public var files = 10_000

    /// The defaults.
    public init() {}
}
