import PodModel

extension Evictor {
    /// What the loop is told.
    public struct Ears: Sendable {
        /// A Pod has to go.
        let evict: @Sendable (PodUID, WaitingReason) -> Void
        /// What the node is short of has changed.
        let tell: @Sendable ([NodePressure]) -> Void

        /// Takes both; the loop has them.
        public init(
            evict: @escaping @Sendable (PodUID, WaitingReason) -> Void,
            tell: @escaping @Sendable ([NodePressure]) -> Void
        ) {
            self.evict = evict
            self.tell = tell
        }
    }
}

extension ReconcileLoop {
    /// What keeps a node from running out tells this loop.
    public nonisolated var ears: Evictor.Ears {
        Evictor.Ears(evict: { self.evict($0, $1) }, tell: { self.tell($0) })
    }
}
