import PodModel
import Testing

@Suite("Usage")
struct UsageTests {
    private func reading(
        _ instance: String, at seconds: Double, cpu: Double?, memory: Int? = nil, processes: Int? = nil
    ) -> UsageReading {
        UsageReading(
            instance: instance, at: BootTime(nanoseconds: Int64(seconds * 1e9)),
            cpu: cpu.map { .nanoseconds(Int64($0 * 1e9)) }, workingSet: memory, processes: processes)
    }

    @Test("is the processors used between two readings, and the memory at the second")
    func rate() {
        let usage = Usage(
            from: reading("a", at: 10, cpu: 5, memory: 1), to: reading("a", at: 12, cpu: 5.5, memory: 2, processes: 3),
            within: .seconds(9))

        #expect(usage == Usage(nanoCPU: 250_000_000, memory: 2, processes: 3))
        #expect(usage.milliCPU == 250)
    }

    @Test("of a container that was started anew in between is all that the new one used, over the whole window")
    func restarted() {
        let later = reading("b", at: 12, cpu: 0.5)

        #expect(Usage(from: reading("a", at: 10, cpu: 50), to: later, within: .seconds(2)).milliCPU == 250)
        #expect(Usage(from: nil, to: later, within: .seconds(2)).milliCPU == 250)
    }

    @Test("is nothing where a count went back or no time passed, and unknown where nobody counts")
    func limits() {
        let first = reading("a", at: 10, cpu: 5)
        #expect(Usage(from: first, to: reading("a", at: 11, cpu: 4), within: .seconds(1)).nanoCPU == 0)
        #expect(Usage(from: first, to: reading("a", at: 10, cpu: 6), within: .seconds(1)).nanoCPU == 0)
        #expect(Usage(from: first, to: reading("a", at: 11, cpu: nil), within: .seconds(1)).nanoCPU == nil)
    }

    @Test("rounds thousandths up, as Kubernetes does", arguments: [(0, 0), (1, 1), (1_000_000, 1), (1_000_001, 2)])
    func rounding(nanos: Int, milli: Int) {
        #expect(Usage(nanoCPU: nanos, memory: nil).milliCPU == milli)
    }

    @Test("of several is the sum of what is counted; what nobody counts stays unknown")
    func sum() {
        let pod = PodUsage(containers: ["a": Usage(nanoCPU: 1, memory: 10), "b": Usage(nanoCPU: 2, memory: nil)])

        #expect(pod.total == Usage(nanoCPU: 3, memory: 10, processes: nil))
        #expect(Usage.sum([]) == Usage(nanoCPU: 0, memory: 0, processes: 0))
    }

    private let stat = """
        cpu  100 10 50 1000 7 3 2 1 5 0
        cpu0 50 5 25 500 3 2 1 1 5 0
        cpu1 50 5 25 500 4 1 1 0 0 0
        intr 12345
        """
    private let meminfo = """
        MemTotal:       1000 kB
        MemFree:         300 kB
        MemAvailable:    800 kB
        Inactive:        500 kB
        Inactive(file):  200 kB
        """

    @Test("of a node is read from the kernel's accounts: without idle time, and without what can be taken back")
    func node() throws {
        let reading = try #require(
            NodeReading(stat: stat, meminfo: meminfo, ticks: 100, at: BootTime(nanoseconds: 1)))

        #expect(reading.cpu == .milliseconds(1660))
        #expect(reading.processors == 2)
        #expect(reading.memoryCapacity == 1000 << 10)
        #expect(reading.workingSet == 500 << 10)
        #expect(reading.memoryAvailable == 500 << 10)
    }

    @Test("of a node is unknown where the accounts are something else", arguments: ["", "cpu", "cpu 1 2 3", "intr 1"])
    func strange(stat: String) {
        #expect(NodeReading(stat: stat, meminfo: meminfo, ticks: 100, at: BootTime(nanoseconds: 1)) == nil)
        #expect(NodeReading(stat: self.stat, meminfo: stat, ticks: 100, at: BootTime(nanoseconds: 1)) == nil)
    }
}
