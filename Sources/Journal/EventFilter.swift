import PodModel

/// Which events are asked for.
public struct EventFilter: Hashable, Sendable {
    /// One namespace; nil for all of them.
    public var namespace: String?
    /// Only those about a Pod of this name.
    public var name: String?
    /// Only those about this life of a Pod.
    public var uid: PodUID?
    /// Only those of these types.
    public var types: Set<PodEvent.EventType>
    /// At most this many, the newest.
    public var limit: Int

    /// All events, the newest 5000.
    public init(
        namespace: String? = nil, name: String? = nil, uid: PodUID? = nil,
        types: Set<PodEvent.EventType> = Set(PodEvent.EventType.allCases), limit: Int = 5_000
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.types = types
        self.limit = limit
    }
}
