/// What the processes of one container have used, read at one instant; nil where nobody counts it.
public struct UsageReading: Hashable, Sendable {
    /// Which instance: that of a container that was started anew in between has its own count.
    public let instance: String
    /// When it was read.
    public let at: BootTime
    /// Processor time since the instance began.
    public let cpu: Duration?
    /// Memory that cannot simply be taken back, in bytes (kubelet: working set).
    public let workingSet: Int?
    /// Processes and threads.
    public let processes: Int?

    /// Puts a reading together.
    public init(instance: String, at: BootTime, cpu: Duration?, workingSet: Int?, processes: Int?) {
        self.instance = instance
        self.at = at
        self.cpu = cpu
        self.workingSet = workingSet
        self.processes = processes
    }
}

/// What a Pod has used, read at one instant.
public struct PodReading: Hashable, Sendable {
    /// By the names of the containers that have processes.
    public let containers: [String: UsageReading]
    /// What it received and sent; nil for a Pod without a network of its own.
    public let network: NetworkUsage?

    /// Puts a reading together.
    public init(containers: [String: UsageReading], network: NetworkUsage? = nil) {
        self.containers = containers
        self.network = network
    }
}

/// Bytes that a Pod received and sent since its network was made.
public struct NetworkUsage: Hashable, Sendable {
    /// Bytes in.
    public let received: Int
    /// Bytes out.
    public let sent: Int

    /// Puts both together.
    public init(received: Int, sent: Int) {
        self.received = received
        self.sent = sent
    }
}
