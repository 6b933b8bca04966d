/// Where the accepted slice is kept, so that boot and drift correction need no network.
public protocol AcceptedStore: Sendable {
    /// The slice stored last.
    ///
    /// - Throws: when nobody can tell what is stored; one that cannot be read is `damaged`, and set aside.
    func load() async throws -> StoredSlice

    /// Stores a slice durably, in place of the one before.
    func save(_ slice: AcceptedSlice) async throws
}

/// What a store holds.
public enum StoredSlice: Hashable, Sendable {
    /// The slice stored last.
    case slice(AcceptedSlice)
    /// Nothing: none was ever stored, or it was lost.
    case missing
    /// Something that is no slice, set aside for a person to look at.
    ///
    /// - Parameter reason: a sentence: what was where, why it cannot be read, and where it is now.
    case damaged(reason: String)
}
