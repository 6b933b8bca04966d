import Glibc

/// What a Pod or a container gets of the machine.
public struct ResourceLimits: Sendable, Hashable {
    /// Its share of processors that others want too.
    public var cpuShares: CPUShares
    /// The most processor time it may take.
    public var cpuQuota: CPUQuota?
    /// The most memory it may use, in bytes; swap is not lent on top of it.
    public var memory: UInt64?
    /// The most processes and threads.
    public var processes: Int?

    /// Limits; by default the smallest share of busy processors, and no bound.
    public init(
        cpuShares: CPUShares = CPUShares(), cpuQuota: CPUQuota? = nil, memory: UInt64? = nil, processes: Int? = nil
    ) {
        self.cpuShares = cpuShares
        self.cpuQuota = cpuQuota
        self.memory = memory
        self.processes = processes
    }

    /// Whether a controller is missed where it is missing. Everybody has shares; only those who asked for some miss them.
    func needs(_ controller: Controller) -> Bool {
        switch controller {
        case .cpu: cpuQuota != nil || cpuShares != CPUShares()
        case .memory: memory != nil
        case .pids: processes != nil
        }
    }
}

/// What one of a v2 cgroup's files says about memory.
struct MemorySetting: Hashable {
    let file: String
    let value: String

    /// In the order in which they are written: the bound comes last, since a kernel without swap lacks the other. Nothing is
    /// lent to those without a bound either (kubelet: NoSwap).
    static func all(_ bytes: UInt64?) -> [MemorySetting] {
        [
            MemorySetting(file: "memory.swap.max", value: "0"),
            MemorySetting(file: "memory.max", value: bytes.map { "\($0)" } ?? "max"),
        ]
    }
}

/// A share of the processors in cgroup v1's measure, and what it is in v2's (kubelet's and crun's formulas).
public struct CPUShares: Sendable, Hashable {
    /// From 2 to 262144; a whole processor is 1024.
    public let value: UInt64

    /// - Parameter milliCPU: what is requested, in thousandths of a processor; 0 for nothing.
    public init(milliCPU: Int64 = 0) {
        value = UInt64(min(max(2, min(milliCPU, mostMilliCPU) * 1024 / 1000), 262_144))
    }

    /// `cpu.weight`, from 1 to 10000: the same ratio to the default that the shares have to theirs, bent so that both
    /// ends of the scales meet (crun 1.23, runc 1.3.2).
    public var weight: UInt64 {
        if value <= 2 { return 1 }
        if value >= 262_144 { return 10_000 }
        let magnitude = log2(Double(value))
        let exponent = (magnitude * magnitude + 125 * magnitude) / 612 - 7.0 / 34
        // A whole number but for the last bits of the computation is taken for one.
        return UInt64(ceil(pow(10, exponent) - 1e-9))
    }
}

/// How much processor time may be taken in each period of 100 ms.
public struct CPUQuota: Sendable, Hashable {
    /// Length of a period.
    public static let periodMicroseconds: UInt64 = 100_000
    /// What may be taken in a period, by all threads together. The kernel takes no less than 1000.
    public let microseconds: UInt64

    /// - Parameter milliCPU: the limit, in thousandths of a processor.
    public init(milliCPU: Int64) {
        microseconds = max(1000, UInt64(max(0, min(milliCPU, mostMilliCPU))) * Self.periodMicroseconds / 1000)
    }
}

/// More processors than any machine has, in thousandths: beyond it nothing changes, and nothing overflows.
private let mostMilliCPU: Int64 = 1_000_000_000
