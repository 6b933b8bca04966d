import PodModel

/// What outlives the agent of a container's probes: kept by the runtime, handed back to the next agent.
///
/// Without it a restart of the agent would take every ready container out of service until it was probed again.
public struct ProbeRecord: Hashable, Sendable, Codable {
    /// The life of the container that this is about; it says nothing about any other.
    public let id: ContainerID
    /// Where each probe stands.
    public let states: PerProbe<ProbeState>
}
