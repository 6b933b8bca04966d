/// What a whole node has used and has, read at one instant from the kernel's own accounts.
public struct NodeReading: Hashable, Sendable {
    /// When it was read.
    public let at: BootTime
    /// Processor time since boot, of all processors together, without what they spent idle or waiting.
    public let cpu: Duration
    /// How many processors there are.
    public let processors: Int
    /// Memory in all, in bytes.
    public let memoryCapacity: Int
    /// Memory that cannot simply be taken back, in bytes.
    public let workingSet: Int

    /// Puts a reading together.
    public init(at: BootTime, cpu: Duration, processors: Int, memoryCapacity: Int, workingSet: Int) {
        self.at = at
        self.cpu = cpu
        self.processors = processors
        self.memoryCapacity = memoryCapacity
        self.workingSet = workingSet
    }

    /// Memory that is free or can be taken back at once, in bytes (kubelet: memory.available).
    public var memoryAvailable: Int { memoryCapacity - workingSet }

    /// Reads `/proc/stat` and `/proc/meminfo`; nil when they say something else.
    ///
    /// - Parameter ticks: of the kernel's clock in a second (USER_HZ).
    public init?(stat: String, meminfo: String, ticks: Int, at: BootTime) {
        let lines = stat.split(separator: "\n")
        // user, nice, system, idle, iowait, irq, softirq, steal; what guests used is in user already.
        guard let first = lines.first, first.hasPrefix("cpu "), ticks > 0 else { return nil }
        let times = first.split(separator: " ").dropFirst().compactMap { Int64($0) }
        guard times.count >= 8 else { return nil }
        let busy = times[0] + times[1] + times[2] + times[5] + times[6] + times[7]
        guard let total = Self.bytes("MemTotal:", in: meminfo), let free = Self.bytes("MemFree:", in: meminfo) else {
            return nil
        }
        let idle = Self.bytes("Inactive(file):", in: meminfo) ?? 0
        self.init(
            at: at, cpu: .nanoseconds(busy * (1_000_000_000 / Int64(ticks))),
            processors: max(1, lines.count { $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ") }), memoryCapacity: total,
            workingSet: max(0, total - free - idle))
    }

    private static func bytes(_ name: String, in meminfo: String) -> Int? {
        guard let line = meminfo.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        let words = line.split(separator: " ")
        return words.count >= 2 ? Int(words[1]).map { $0 << 10 } : nil
    }
}
