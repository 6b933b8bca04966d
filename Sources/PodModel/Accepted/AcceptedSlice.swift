import Manifests

/// Everything this node should run, as of the newest revision looked at; drift is corrected from it, without network.
public struct AcceptedSlice: Hashable, Sendable, Codable {
    /// The newest revision looked at; single applications may stand at older ones.
    public let revision: RevisionID
    /// Who wrote that revision, and why.
    public let commit: CommitSummary
    /// When this slice was accepted.
    public let acceptedAt: WallTime
    /// Sorted by name; names and UIDs are unique.
    public let pods: [AcceptedPod]
    /// What Pods may use. Sorted by kind and name; names are unique.
    public let objects: [AcceptedObject]
    /// Sorted by name.
    public let applications: [AcceptedApplication]
    /// What of that revision could not be read; nil when an older release stored the slice.
    public let unread: Set<UnreadPlace>?

    /// Puts a slice together; sorts what is to be sorted.
    public init(
        revision: RevisionID, commit: CommitSummary, acceptedAt: WallTime, pods: [AcceptedPod],
        objects: [AcceptedObject] = [], applications: [AcceptedApplication], unread: Set<UnreadPlace>? = []
    ) {
        self.revision = revision
        self.commit = commit
        self.acceptedAt = acceptedAt
        self.pods = pods.sorted { $0.name < $1.name }
        self.objects = objects.sorted { $0.name < $1.name }
        self.applications = applications.sorted { $0.name < $1.name }
        self.unread = unread
    }

    /// Reads a stored slice; one of a release that accepted Pods alone has no objects.
    public init(from decoder: any Decoder) throws {
        let slice = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            revision: try slice.decode(RevisionID.self, forKey: .revision),
            commit: try slice.decode(CommitSummary.self, forKey: .commit),
            acceptedAt: try slice.decode(WallTime.self, forKey: .acceptedAt),
            pods: try slice.decode([AcceptedPod].self, forKey: .pods),
            objects: try slice.decodeIfPresent([AcceptedObject].self, forKey: .objects) ?? [],
            applications: try slice.decode([AcceptedApplication].self, forKey: .applications),
            unread: try slice.decodeIfPresent(Set<UnreadPlace>.self, forKey: .unread))
    }
}

/// A place of a revision whose Pods are not known: a file with an error, or what is not read at all.
public struct UnreadPlace: Hashable, Sendable, Codable {
    /// Relative to the followed path.
    public let path: String

    /// Names a place.
    public init(path: String) { self.path = path }
}

/// Where one application stands, and why it does not stand at the newest revision if so.
public struct AcceptedApplication: Hashable, Sendable, Codable {
    /// The first directory below the followed path, or `.`.
    public let name: ApplicationName
    /// The revision its Pods come from; nil if no revision of it was valid yet.
    public let revision: RevisionID?
    /// What the newest revision's manifests got wrong; with an error among them, `revision` is an older one.
    public let diagnostics: [Diagnostic]

    /// Puts an application's standing together.
    public init(name: ApplicationName, revision: RevisionID?, diagnostics: [Diagnostic]) {
        self.name = name
        self.revision = revision
        self.diagnostics = diagnostics
    }
}

/// The part of a commit that people ask for.
public struct CommitSummary: Hashable, Sendable, Codable {
    /// The author's name.
    public let author: String
    /// The author's address; empty if the commit has none.
    public let email: String
    /// When it was committed, by the committer's clock.
    public let committedAt: WallTime
    /// The first line of the message.
    public let subject: String

    /// Puts a summary together.
    public init(author: String, email: String, committedAt: WallTime, subject: String) {
        self.author = author
        self.email = email
        self.committedAt = committedAt
        self.subject = subject
    }
}
