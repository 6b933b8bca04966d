import PodModel
import Testing

@testable import Reconciler

@Suite("Eviction thresholds")
struct EvictionThresholdsTests {
    @Test(
        "are read in the kubelet's syntax",
        arguments: [
            ("memory.available<100Mi", [.memoryAvailable: .amount(100 << 20)]),
            (
                "nodefs.available<10%,nodefs.inodesFree<5.5%",
                [.nodefsAvailable: .percent(10), .nodefsInodesFree: .percent(5.5)]
            ),
            ("imagefs.available<1G", [.imagefsAvailable: .amount(1_000_000_000)]),
            ("imagefs.inodesFree<1000", [.imagefsInodesFree: .amount(1000)]),
            // Kubernetes: none or all of it is no threshold.
            ("memory.available<0%,nodefs.available<100%", [:]),
            ("", [:]), ("none", [:]),
        ] as [(String, [EvictionSignal: EvictionThresholds.Least])])
    func parsing(text: String, expected: [EvictionSignal: EvictionThresholds.Least]) throws {
        #expect(try EvictionThresholds(parsing: text).least == expected)
    }

    @Test(
        "are refused with a reason",
        arguments: [
            ("memory.available", .notBelow("memory.available")),
            ("memory.available<1<2", .notBelow("memory.available<1<2")),
            ("memory.available<1Mi,", .notBelow("")),
            ("pid.available<10%", .unknown("pid.available")),
            (" memory.available<1Mi", .unknown(" memory.available")),
            ("memory.available<1Mi,memory.available<2Mi", .repeated(.memoryAvailable)),
            ("memory.available<", .noValue("memory.available<")),
            ("memory.available<-1", .noValue("memory.available<-1")),
            ("memory.available<0", .noValue("memory.available<0")),
            ("nodefs.available<101%", .noValue("nodefs.available<101%")),
            ("nodefs.available<x%", .noValue("nodefs.available<x%")),
        ] as [(String, EvictionThresholdError)])
    func refusal(text: String, expected: EvictionThresholdError) {
        #expect(throws: expected) { try EvictionThresholds(parsing: text) }
        #expect(!expected.description.isEmpty)
    }

    @Test("are met below them and not at them, memory first")
    func met() throws {
        let thresholds = EvictionThresholds.kubelet
        func met(_ vitals: [EvictionSignal: Supply]) -> [EvictionSignal] { thresholds.met(by: vitals).map(\.signal) }

        #expect(met([.memoryAvailable: Supply(available: 100 << 20, capacity: 1 << 30)]) == [])
        #expect(met([.memoryAvailable: Supply(available: (100 << 20) - 1, capacity: 1 << 30)]) == [.memoryAvailable])
        #expect(met([.nodefsAvailable: Supply(available: 10, capacity: 100)]) == [])
        #expect(met([.nodefsAvailable: Supply(available: 9, capacity: 100)]) == [.nodefsAvailable])
        #expect(met([:]) == [])
        let all = EvictionSignal.allCases.reduce(into: [:]) { $0[$1] = Supply(available: 0, capacity: 100) }
        #expect(met(all) == EvictionSignal.allCases)
        #expect(EvictionThresholds().met(by: all) == [])
    }
}

@Suite("Pressure of a node")
struct PressureMemoryTests {
    private let low = MetThreshold(signal: .nodefsAvailable, least: 100, available: 50)
    private let lower = MetThreshold(signal: .memoryAvailable, least: 100, available: 50)

    @Test("begins at once, stays for five minutes after it was seen last, and keeps its beginning")
    func hold() {
        var memory = PressureMemory()
        memory.note([low], now: moment(0))
        #expect(memory.pressures.map(\.kind) == [.disk])
        memory.note([low], now: moment(100))
        memory.note([], now: moment(399))
        #expect(memory.pressures.map(\.since) == [moment(0).wall])
        memory.note([], now: moment(400))
        #expect(memory.pressures == [])
        memory.note([lower, low], now: moment(500))
        #expect(memory.pressures.map(\.kind) == [.memory, .disk])
        #expect(memory.pressures.map(\.since) == [moment(500).wall, moment(500).wall])
    }

    @Test("tells the most urgent measure in words")
    func words() {
        var memory = PressureMemory()
        memory.note([low, MetThreshold(signal: .imagefsAvailable, least: 200, available: 50)], now: moment(0))

        #expect(memory.pressures.map(\.words) == ["nodefs.available is 50, less than 100"])
    }
}
