import PodModel

/// Something about a probed container that others must know.
public struct ProbeReport: Hashable, Sendable {
    /// What there is to know.
    public enum Content: Hashable, Sendable {
        /// The probes say something else than before; the record is to be kept for the next agent.
        case verdict(ProbeVerdict, ProbeRecord)
        /// A try has people told something.
        case event(ProbeEvent)
    }

    /// The Pod.
    public let pod: PodUID
    /// The container's name.
    public let container: String
    /// The life of the container that this is about.
    public let id: ContainerID
    /// What there is to know.
    public let content: Content
}
