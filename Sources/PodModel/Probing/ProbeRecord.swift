/// What outlives the agent of a container's probes: kept in its record, handed back to the next agent.
///
/// Without it a restart of the agent would take every ready container out of service until it was probed again.
public struct ProbeRecord: Hashable, Sendable, Codable {
    /// The life of the container that this is about; it says nothing about any other.
    public let id: ContainerID
    /// Where each probe stands.
    public let states: PerProbe<ProbeState>

    /// Puts a record together.
    public init(id: ContainerID, states: PerProbe<ProbeState>) {
        self.id = id
        self.states = states
    }
}

/// What the probes of a container's newest instance say, as its record keeps it.
public struct ProbeStanding: Hashable, Sendable, Codable {
    /// What they say together.
    public let verdict: ProbeVerdict
    /// When the container became ready or ceased to be.
    public let readinessSince: WallTime
    /// What the next agent must know.
    public let record: ProbeRecord

    /// Puts a standing together.
    public init(verdict: ProbeVerdict, readinessSince: WallTime, record: ProbeRecord) {
        self.verdict = verdict
        self.readinessSince = readinessSince
        self.record = record
    }
}
