/// One state of the repository, by its commit.
public struct Revision: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The commit's 40 lower-case hexadecimal digits.
    public let commit: String

    /// Reads 40 hexadecimal digits; nil for anything else.
    public init?(_ commit: String) {
        guard commit.utf8.count == 40, commit.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        self.commit = commit.lowercased()
    }

    /// The first seven digits, as git prints them.
    public var short: String { String(commit.prefix(7)) }

    /// All 40 digits.
    public var description: String { commit }
}

/// Who said what, when.
public struct CommitInfo: Hashable, Sendable, Codable {
    /// The commit.
    public let revision: Revision
    /// The author's name.
    public let authorName: String
    /// The author's mail address.
    public let authorEmail: String
    /// When it was committed: seconds since 1970-01-01T00:00:00Z.
    public let committedAt: Int64
    /// The first line of its message.
    public let subject: String

    /// Describes a commit.
    public init(revision: Revision, authorName: String, authorEmail: String, committedAt: Int64, subject: String) {
        self.revision = revision
        self.authorName = authorName
        self.authorEmail = authorEmail
        self.committedAt = committedAt
        self.subject = subject
    }
}
