import Manifests
import PodModel
import Synchronization
import Testing

@testable import Reconciler

/// A node that has what a test says.
private final class SimulatedMeter: NodeMeter {
    private struct State {
        var vitals: [EvictionSignal: Supply] = [:]
        var records: [PodRecord] = []
        var memory: [PodUID: [String: Int]] = [:]
        var disk: [PodUID: PodDiskUse] = [:]
        /// What is left once room was given back.
        var reclaimed: [EvictionSignal: Supply]?
        var reclaims = 0
        var walks = 0
        /// Whether a walk through files goes on for ever.
        var isStuck = false
    }

    private let state = Mutex(State())

    var reclaims: Int { state.withLock(\.reclaims) }
    var walks: Int { state.withLock(\.walks) }

    func set(_ vitals: [EvictionSignal: Supply], afterwards: [EvictionSignal: Supply]? = nil) {
        state.withLock { ($0.vitals, $0.reclaimed) = (vitals, afterwards) }
    }

    func set(_ record: PodRecord, memory: Int = 0, disk: PodDiskUse = PodDiskUse()) {
        state.withLock { state in
            state.records.removeAll { $0.uid == record.uid }
            state.records.append(record)
            state.memory[record.uid] = ["web": memory]
            state.disk[record.uid] = disk
        }
    }

    func vitals() async throws -> [EvictionSignal: Supply] { state.withLock(\.vitals) }
    func records() -> [PodRecord] { state.withLock(\.records) }
    func memoryUse() async throws -> [PodUID: [String: Int]] { state.withLock(\.memory) }

    func getStuck() { state.withLock { $0.isStuck = true } }

    func diskUse(of pods: [PodUID]) async throws -> [PodUID: PodDiskUse] {
        while state.withLock(\.isStuck) {
            try Task.checkCancellation()
            await Task.yield()
        }
        return state.withLock { state in
            state.walks += 1
            return state.disk.filter { pods.contains($0.key) }
        }
    }

    func reclaimDisk() async {
        state.withLock { state in
            state.reclaims += 1
            state.vitals = state.reclaimed ?? state.vitals
        }
    }
}

@Suite("Evictor")
struct EvictorTests {
    private final class Told: Sendable {
        private let state = Mutex((evicted: [(PodUID, WaitingReason)](), pressures: [[NodePressure]]()))

        var evicted: [String] { state.withLock { $0.evicted.map(\.0.text) } }
        var messages: [String] { state.withLock { $0.evicted.map(\.1.message) } }
        var conditions: [[String]] { state.withLock { $0.pressures.map { $0.map(\.kind.rawValue) } } }

        var ears: Evictor.Ears {
            Evictor.Ears(
                evict: { uid, reason in self.state.withLock { $0.evicted.append((uid, reason)) } },
                tell: { pressures in self.state.withLock { $0.pressures.append(pressures) } })
        }
    }

    private let clock = StoppedClock()
    private let meter = SimulatedMeter()
    private let told = Told()
    private let log = MemoryLog()
    private let runtime: SimulatedRuntime
    private let low: [EvictionSignal: Supply] = [.memoryAvailable: Supply(available: 10, capacity: 1000)]
    private let full: [EvictionSignal: Supply] = [.nodefsAvailable: Supply(available: 1, capacity: 100)]
    private let roomy: [EvictionSignal: Supply] = [
        .nodefsAvailable: Supply(available: 99, capacity: 100),
        .memoryAvailable: Supply(available: 900, capacity: 1000),
    ]

    init() { runtime = SimulatedRuntime(clock: clock) }

    private func evictor(
        _ thresholds: EvictionThresholds = EvictionThresholds([
            .memoryAvailable: .percent(10), .nodefsAvailable: .percent(10),
        ])
    ) -> Evictor {
        Evictor(meter, runtime, thresholds, telling: told.ears, clock: clock, log: log.logger)
    }

    /// A Pod that has a sandbox, here and on the node.
    private func pod(_ name: String, limit: Int? = nil, priority: PodPriority = PodPriority()) -> PodRecord {
        var pod = Pod.make(name)
        pod.spec.priority = priority
        if let limit { pod.spec.volumes = [Volume(name: "v", emptyDir: EmptyDirVolume(sizeLimit: Bytes(limit)))] }
        let accepted = AcceptedPod.make(pod, uid: name)
        runtime.silently { node in
            node.register([accepted])
            do { try node.perform(.createSandbox(attempt: 0), on: accepted.uid) } catch { Issue.record("\(error)") }
        }
        return PodRecord(
            accepted: accepted, bootID: firstBoot,
            sandbox: SandboxRecord(id: SandboxID("s0"), attempt: 0, createdAt: moment(0).wall))
    }

    @Test("a node that is short of nothing has nobody make way")
    func roomyNode() async throws {
        meter.set(pod("a"), memory: 900)
        meter.set(roomy)

        try await evictor().pass()

        #expect(told.evicted == [])
        #expect(told.conditions == [])
    }

    @Test("a first look tells what is short and has nobody make way")
    func firstLook() async throws {
        meter.set(pod("a"), memory: 900)
        meter.set(low)

        await evictor().lookFirst()

        #expect(told.evicted == [])
        #expect(told.conditions == [["MemoryPressure"]])
    }

    @Test("one Pod makes way for memory, and the next only when it is gone or takes too long")
    func oneByOne() async throws {
        meter.set(pod("small"), memory: 10)
        meter.set(pod("big"), memory: 500)
        meter.set(low)
        let evictor = evictor()

        try await evictor.pass()
        #expect(told.evicted == ["big"])
        #expect(told.conditions == [["MemoryPressure"]])
        #expect(
            told.messages == [
                "The node was low on resource: memory. Threshold quantity: 100, available: 10. "
                    + "Container web was using 500, request is 0, has larger consumption of memory. "
            ])

        clock.advance(by: .seconds(10))
        try await evictor.pass()
        #expect(told.evicted == ["big"], "it is still leaving")

        var gone = pod("big")
        gone.finalPhase = .failed
        meter.set(gone)
        runtime.silently { node in
            do { try node.perform(.stopSandbox, on: PodUID("big")) } catch { Issue.record("\(error)") }
        }
        clock.advance(by: .seconds(10))
        try await evictor.pass()
        #expect(told.evicted == ["big", "small"])
        clock.advance(by: .seconds(31))
        try await evictor.pass()
        #expect(
            told.evicted == ["big", "small", "small"], "it takes too long: asked once more, as nobody else is left")
    }

    @Test("for a disk, what nobody needs is given back first, and then nobody has to go")
    func reclaim() async throws {
        meter.set(pod("a"), disk: PodDiskUse(containers: ["web": DiskUse(bytes: 5 << 20)]))
        meter.set(full, afterwards: roomy)

        try await evictor().pass()

        #expect(meter.reclaims == 1)
        #expect(told.evicted == [])
        #expect(told.conditions == [["DiskPressure"]], "and that is told, and held for a while")
    }

    @Test("for a disk that stays full, the Pod goes that keeps most on it")
    func disk() async throws {
        meter.set(pod("a"), disk: PodDiskUse(containers: ["web": DiskUse(bytes: 5 << 20)]))
        meter.set(pod("b"), disk: PodDiskUse(volumes: ["v": DiskUse(bytes: 9 << 20)]))
        meter.set(full)

        try await evictor().pass()

        #expect(told.evicted == ["b"])
        #expect(told.messages.first?.hasPrefix("The node was low on resource: ephemeral-storage. ") == true)
    }

    @Test("a Pod over the limit of its volume goes, whatever is left, and without thresholds too")
    func limit() async throws {
        meter.set(pod("bounded", limit: 1024), disk: PodDiskUse(volumes: ["v": DiskUse(bytes: 4096)]))
        meter.set(pod("free"), disk: PodDiskUse(volumes: ["v": DiskUse(bytes: 1 << 40)]))
        meter.set(roomy)

        try await evictor(EvictionThresholds()).keepLimits()

        #expect(told.evicted == ["bounded"])
        #expect(told.messages == ["Usage of EmptyDir volume \"v\" exceeds the limit \"1Ki\". "])
        #expect(meter.walks == 1)
    }

    @Test("nothing is walked through as long as no Pod has limits")
    func noWalk() async throws {
        meter.set(pod("free"))
        meter.set(roomy)

        let evictor = evictor()
        try await evictor.pass()
        try await evictor.keepLimits()

        #expect(meter.walks == 0)
    }

    @Test("a Pod over its limit is asked once, and again only when its end takes too long; a critical one never")
    func limitOnce() async throws {
        let over = PodDiskUse(volumes: ["v": DiskUse(bytes: 4096)])
        meter.set(pod("bounded", limit: 1024), disk: over)
        meter.set(
            pod("critical", limit: 1024, priority: PodPriority(className: "system-node-critical")), disk: over)
        let evictor = evictor()

        try await evictor.keepLimits()
        clock.advance(by: .seconds(10))
        try await evictor.keepLimits()
        #expect(told.evicted == ["bounded"])
        clock.advance(by: .seconds(20))
        try await evictor.keepLimits()
        #expect(told.evicted == ["bounded", "bounded"])
    }

    @Test("a walk through files that does not end keeps nobody from looking at memory")
    func stuckWalk() async throws {
        meter.set(pod("bounded", limit: 1024), memory: 500)
        meter.getStuck()
        meter.set(low)
        let evictor = evictor()

        try await withThrowingTaskGroup { group in
            group.addTask { try await evictor.run() }
            while told.evicted.isEmpty { await Task.yield() }
            group.cancelAll()
        }

        #expect(told.evicted == ["bounded"])
        #expect(told.messages.first?.hasPrefix("The node was low on resource: memory. ") == true)
    }

    @Test("while one that was asked does not end, another makes way")
    func busy() async throws {
        meter.set(pod("busy"), memory: 500)
        meter.set(pod("next"), memory: 100)
        meter.set(pod("last"), memory: 10)
        meter.set(low)
        let evictor = evictor()

        for _ in 0..<3 {
            try await evictor.pass()
            clock.advance(by: .seconds(31))
        }

        #expect(told.evicted == ["busy", "next", "last"])
    }

    @Test("a disk that something else fills ends nobody, and that is said once")
    func foreignFiles() async throws {
        meter.set(pod("a"), disk: PodDiskUse(containers: ["web": DiskUse(bytes: 16 << 10, inodes: 8)]))
        meter.set(pod("b"), disk: PodDiskUse(volumes: ["v": DiskUse(bytes: 4096, inodes: 1)]))
        meter.set(full)
        let evictor = evictor()
        func complaints() -> [String] { log.lines.filter { $0.hasPrefix("the disk is short, and no Pod's end") } }

        for _ in 0..<3 {
            try await evictor.pass()
            clock.advance(by: .seconds(10))
        }
        #expect(told.evicted == [])
        #expect(complaints().count == 1)
        #expect(complaints().first?.contains("reason=nodefs.available is ") == true)

        meter.set(pod("b"), disk: PodDiskUse(volumes: ["v": DiskUse(bytes: 2 << 20, inodes: 1)]))
        try await evictor.pass()
        #expect(told.evicted == ["b"], "it keeps something by now")
    }

    @Test("a shortage that is over is told as such after five minutes")
    func over() async throws {
        meter.set(low)
        let evictor = evictor()
        try await evictor.pass()
        meter.set(roomy)
        clock.advance(by: .seconds(299))
        try await evictor.pass()
        #expect(told.conditions == [["MemoryPressure"]])
        clock.advance(by: .seconds(2))
        try await evictor.pass()
        #expect(told.conditions == [["MemoryPressure"], []])
        #expect(log.lines.contains("MemoryPressure is over"))
    }

    @Test("a loop that is told so ends the Pod for good, without starting it again")
    func loop() async throws {
        let manifest =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n"
        let history = MemoryHistory()
        let loop = ReconcileLoop(
            runtime: runtime, source: SimulatedSource(["pod.yaml": manifest]), store: MemoryStore(), history: history,
            clock: clock, random: SystemRandomNumberGenerator(),
            configuration: LoopConfiguration(node: NodeProfile(name: "node-1")), log: log.logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await loop.run() }
            while runtime.state.lives.values.first?.processes["web"] == nil { await Task.yield() }
            let uid = try #require(runtime.state.lives.keys.first)

            loop.ears.evict(uid, Eviction.because("full. "))

            while runtime.state.lives[uid]?.sandbox != .absent { await Task.yield() }
            group.cancelAll()
        }
        let life = try #require(runtime.state.lives.values.first)
        #expect(life.record.finalPhase == .failed)
        #expect(life.record.finalReason?.message == "full. ")
        #expect(life.processes.isEmpty)
        #expect(history.events.contains("Evicted: full. "))
    }
}
