/// The node's users that a Pod's own stand for (`hostUsers: false`): its root is the first of them, and nobody to the node.
public struct UserRange: Hashable, Sendable, Codable {
    /// How many a Pod has (kubelet).
    public static let count: UInt32 = 65_536
    /// The node's number of the Pod's root: a multiple of `count`.
    public let first: UInt32

    /// - Parameter index: 1 for the first range behind the node's own users.
    public init(index: UInt16) { first = UInt32(index) * Self.count }

    /// The node's numbers.
    public var numbers: Range<UInt64> { UInt64(first)..<UInt64(first) + UInt64(Self.count) }
}
