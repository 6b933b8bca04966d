/// Where the accepted slice is kept, so that boot and drift correction need no network.
public protocol AcceptedStore: Sendable {
    /// The slice stored last; nil if none ever was.
    func load() async throws -> AcceptedSlice?

    /// Stores a slice durably, in place of the one before.
    func save(_ slice: AcceptedSlice) async throws
}
