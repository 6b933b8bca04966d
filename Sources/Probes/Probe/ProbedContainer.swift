import PodModel

/// One life of a container that is to be probed.
public struct ProbedContainer: Hashable, Sendable {
    /// The Pod.
    public let pod: PodUID
    /// The container's name.
    public let name: String
    /// The container's life: a restart is a new one.
    public let id: ContainerID
    /// When its process was born.
    public let startedAt: BootTime
    /// Its probes.
    public let probes: ContainerProbes
    /// The Pod's address, dialled where a probe names no host; nil while it has none.
    public let address: String?
    /// The ports that the container gives a name.
    public let ports: [String: UInt16]

    /// Puts a container together.
    public init(
        pod: PodUID, name: String, id: ContainerID, startedAt: BootTime, probes: ContainerProbes,
        address: String? = nil,
        ports: [String: UInt16] = [:]
    ) {
        self.pod = pod
        self.name = name
        self.id = id
        self.startedAt = startedAt
        self.probes = probes
        self.address = address
        self.ports = ports
    }
}
