/// What something used: processors over a window of time, and memory at its end.
public struct Usage: Hashable, Sendable {
    /// Billionths of a processor, on average over the window; nil where nobody counts.
    public let nanoCPU: Int?
    /// Memory that cannot simply be taken back, in bytes; nil where nobody counts.
    public let memory: Int?
    /// Processes and threads; nil where nobody counts.
    public let processes: Int?

    /// Puts a usage together.
    public init(nanoCPU: Int?, memory: Int?, processes: Int? = nil) {
        self.nanoCPU = nanoCPU
        self.memory = memory
        self.processes = processes
    }

    /// What was used between two readings of one container.
    ///
    /// An instance that was not there at the first reading was born in between: all of its time counts.
    ///
    /// - Parameter window: from the first look to the second; of one that was read at both, its own times count.
    public init(from earlier: UsageReading?, to later: UsageReading, within window: Duration) {
        let before = earlier.flatMap { $0.instance == later.instance ? $0 : nil }
        nanoCPU = later.cpu.map { spent in
            Self.rate(spent - (before?.cpu ?? .zero), within: before.map { later.at - $0.at } ?? window)
        }
        memory = later.workingSet
        processes = later.processes
    }

    /// Time spent in a window, as billionths of a processor; a count that went back counts nothing.
    public static func rate(_ spent: Duration, within window: Duration) -> Int {
        guard window > .zero, spent > .zero else { return 0 }
        return Int((Double(spent.nanoseconds) / Double(window.nanoseconds) * 1e9).rounded())
    }

    /// Thousandths of a processor, rounded up (Kubernetes: `Quantity.MilliValue`).
    public var milliCPU: Int? { nanoCPU.map { ($0 + 999_999) / 1_000_000 } }

    /// Of several together; what is not counted of one is not counted.
    public static func sum(_ usages: [Usage]) -> Usage {
        func total(_ part: (Usage) -> Int?) -> Int? {
            let counted = usages.compactMap(part)
            return counted.isEmpty && !usages.isEmpty ? nil : counted.reduce(0, +)
        }
        return Usage(nanoCPU: total(\.nanoCPU), memory: total(\.memory), processes: total(\.processes))
    }
}

/// What a Pod used.
public struct PodUsage: Hashable, Sendable {
    /// By container: those that have processes.
    public let containers: [String: Usage]
    /// Received and sent since its network was made, not over the window; nil without a network of its own.
    public let network: NetworkUsage?

    /// Puts a usage together.
    public init(containers: [String: Usage], network: NetworkUsage? = nil) {
        self.containers = containers
        self.network = network
    }

    /// What was used between two readings; a Pod that was not there at the first one was born in between.
    public init(from earlier: PodReading?, to later: PodReading, within window: Duration) {
        containers = later.containers.reduce(into: [:]) { usages, entry in
            usages[entry.key] = Usage(from: earlier?.containers[entry.key], to: entry.value, within: window)
        }
        network = later.network
    }

    /// All containers together, as `kubectl top` counts a Pod.
    public var total: Usage { Usage.sum(Array(containers.values)) }
}
