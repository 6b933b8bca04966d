import Manifests

/// What Pods together may request of a node (core/v1 NodeStatus.allocatable): what the machine has, without what is
/// reserved for others.
public struct NodeAllocatable: Hashable, Sendable, Codable {
    /// Processor time.
    public let cpu: MilliCPU
    /// Memory.
    public let memory: Bytes
    /// Room on the disk of the state directory.
    public let ephemeralStorage: Bytes
    /// How many Pods.
    public let pods: Int

    /// The kubelet's default of Pods per node.
    public static let defaultPods = 110

    /// Puts the amounts together.
    public init(cpu: MilliCPU, memory: Bytes, ephemeralStorage: Bytes, pods: Int = defaultPods) {
        self.cpu = cpu
        self.memory = memory
        self.ephemeralStorage = ephemeralStorage
        self.pods = pods
    }

    /// What is left once some of it is reserved; never less than nothing.
    public func reserving(_ reserved: ResourceList) -> NodeAllocatable {
        NodeAllocatable(
            cpu: MilliCPU(max(0, cpu.count - (reserved.cpu?.count ?? 0))),
            memory: Bytes(max(0, memory.count - (reserved.memory?.count ?? 0))),
            ephemeralStorage: Bytes(max(0, ephemeralStorage.count - (reserved.ephemeralStorage?.count ?? 0))),
            pods: pods)
    }
}
