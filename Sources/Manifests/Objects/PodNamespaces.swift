/// Which namespaces a Pod has of its own (core/v1 PodSpec).
public struct PodNamespaces: Sendable, Hashable {
    /// Whether it uses the node's network; nil for no.
    public var hostNetwork: Bool?
    /// Whether it sees the node's processes; nil for no.
    public var hostPID: Bool?
    /// Whether it shares the node's shared memory; nil for no.
    public var hostIPC: Bool?
    /// Whether its containers see each other's processes; nil for no.
    public var shareProcessNamespace: Bool?

    /// Whether its users are the node's; nil for yes. False gives it 65,536 of its own, of whom the node knows none.
    public var hostUsers: Bool?

    /// By default all its own but the users.
    public init(
        hostNetwork: Bool? = nil, hostPID: Bool? = nil, hostIPC: Bool? = nil, shareProcessNamespace: Bool? = nil,
        hostUsers: Bool? = nil
    ) {
        self.hostNetwork = hostNetwork
        self.hostPID = hostPID
        self.hostIPC = hostIPC
        self.shareProcessNamespace = shareProcessNamespace
        self.hostUsers = hostUsers
    }
}
