/// Digests of what a Pod takes from ConfigMaps and Secrets: where one changes, what was made of it is out of date.
///
/// Digests, so that no value gets into a Pod's record. What is missing now has none: what runs goes on with what it has.
public struct SourceDigests: Hashable, Sendable, Codable {
    /// By container: of its variables.
    public let environments: [String: Digest]
    /// By volume: of its files; nil in what a release without volumes stored.
    public let volumes: [String: Digest]?

    /// Puts them together.
    public init(environments: [String: Digest] = [:], volumes: [String: Digest]? = nil) {
        self.environments = environments
        self.volumes = volumes
    }
}
