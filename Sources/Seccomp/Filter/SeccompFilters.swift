import Synchronization

/// Filters that were compiled before, by profile and capabilities.
public final class SeccompFilters: Sendable {
    private struct Key: Hashable {
        let profile: SeccompProfile
        let capabilities: UInt64
    }

    /// More than a node's manifests name; a newer one then takes the place of all older ones.
    private static let limit = 128
    private let compiled = Mutex<[Key: SeccompFilter]>([:])

    /// Knows none yet.
    public init() {}

    /// The filter of a profile; compiled once, and once more by each of several that ask at the same time.
    ///
    /// - Parameter capabilities: what the container may ever hold; bit n is capability n.
    public func filter(of profile: SeccompProfile, capabilities: UInt64) throws(SeccompError) -> SeccompFilter {
        let key = Key(profile: profile, capabilities: capabilities)
        if let known = compiled.withLock({ $0[key] }) { return known }
        let filter = try SeccompFilter(profile, capabilities: capabilities)
        compiled.withLock { compiled in
            if compiled.count >= Self.limit { compiled.removeAll() }
            compiled[key] = filter
        }
        return filter
    }
}
