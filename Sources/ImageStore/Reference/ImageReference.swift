/// The name of an image, in full: registry, repository, and a tag or a digest.
///
/// Short names are completed as `docker pull` completes them: `nginx` is `docker.io/library/nginx:latest`.
/// Grammar: github.com/distribution/reference.
public struct ImageReference: Hashable, Sendable {
    /// The registry's host, with its port if one was given: `docker.io`, `localhost:5000`.
    public let registry: String
    /// The repository inside the registry: `library/nginx`.
    public let repository: String
    /// The tag; nil only when the reference has a digest and was written without a tag.
    public let tag: String?
    /// The manifest's digest, when the image is pinned to one. It then decides, whatever the tag says.
    public let digest: Digest?

    /// Parses a name as users write it and completes it.
    ///
    /// - Throws: `ImageStoreError.invalidReference`, which says what is wrong with the name.
    public init(parsing text: String) throws {
        do {
            self = try ReferenceParser(text).parse()
        } catch {
            throw ImageStoreError.invalidReference(text, problem: error)
        }
    }

    init(registry: String, repository: String, tag: String?, digest: Digest?) {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// The shortest spelling that means the same, as `docker images` shows it: `nginx:1.14`.
    public var familiar: String {
        guard registry == ImageReference.defaultRegistry else { return description }
        let prefix = ImageReference.officialPrefix
        let isOfficial = repository.hasPrefix(prefix) && !repository.dropFirst(prefix.count).contains("/")
        return (isOfficial ? String(repository.dropFirst(prefix.count)) : repository) + suffix
    }

    /// The name that identifies the image in a store: by digest where there is one, else by tag.
    var identity: String {
        digest.map { "\(registry)/\(repository)@\($0)" } ?? description
    }

    private var suffix: String {
        (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    static let defaultRegistry = "docker.io"
    static let officialPrefix = "library/"
    static let defaultTag = "latest"
}

extension ImageReference: CustomStringConvertible {
    /// The full name: `docker.io/library/nginx:1.14`.
    public var description: String { "\(registry)/\(repository)\(suffix)" }
}

extension ImageReference: Codable {
    /// Decodes the full name.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
    }

    /// Encodes as the full name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
