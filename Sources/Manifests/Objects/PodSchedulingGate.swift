/// Something that a Pod waits for before it is started (core/v1 PodSchedulingGate): it waits until nobody writes it any
/// more.
public struct PodSchedulingGate: Sendable, Hashable {
    /// What it is called.
    public var name: String

    /// A gate.
    public init(name: String) { self.name = name }
}
