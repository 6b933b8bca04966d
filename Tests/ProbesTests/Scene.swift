import PodModel
import Synchronization

@testable import Probes

/// A runner over a clock and a prober that a test holds in its hands.
struct Scene: Sendable {
    let clock = HandClock()
    let prober: ScriptedProber
    let runner: ProbeRunner

    init(limit: Int, fraction: @escaping @Sendable () -> Double = { 0 }) {
        prober = ScriptedProber(clock: clock)
        runner = ProbeRunner(prober: prober, clock: clock, limit: limit, fraction: fraction)
    }

    /// Runs a test beside a running runner.
    static func run(
        limit: Int = 100, fraction: @escaping @Sendable () -> Double = { 0 }, _ body: (Scene) async -> Void
    ) async {
        let scene = Scene(limit: limit, fraction: fraction)
        let running = Task { await scene.runner.run() }
        await body(scene)
        running.cancel()
        await running.value
    }

    /// Lets time pass second by second, each time until nothing is left to do.
    func pass(_ time: Duration) async {
        await settle()
        for _ in 0..<time.components.seconds {
            clock.advance(by: .seconds(1))
            await settle()
        }
    }

    private func settle() async {
        while true {
            if await runner.isResting { return }
            await Task.yield()
        }
    }

    /// The next reports.
    func reports(_ count: Int) async -> [ProbeReport] {
        var reports: [ProbeReport] = []
        for await report in runner.reports {
            reports.append(report)
            if reports.count == count { break }
        }
        return reports
    }
}

/// Returns as soon as something is so; a test that waits in vain is ended by its time limit.
func eventually(_ condition: () -> Bool) async {
    while !condition(), !Task.isCancelled { await Task.yield() }
}

/// A clock that stands still until it is moved.
final class HandClock: ProbeClock {
    private struct State {
        var now = BootTime(nanoseconds: 0)
        var sleepers: [Int: (deadline: BootTime, wake: CheckedContinuation<Void, Never>)] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let state = Mutex(State())

    func now() -> BootTime { state.withLock { $0.now } }

    func advance(by time: Duration) {
        let due = state.withLock { state in
            state.now = state.now + time
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in due { wake.resume() }
    }

    func sleep(until deadline: BootTime) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let isOver = state.withLock { state in
                    if deadline <= state.now || state.cancelled.contains(id) { return true }
                    state.sleepers[id] = (deadline, wake)
                    return false
                }
                if isOver { wake.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.wake.resume()
        }
        try Task.checkCancellation()
    }
}

/// Answers as told, and remembers what was asked.
final class ScriptedProber: Prober {
    private struct State {
        var outcome = ProbeOutcome.success
        var isHolding = false
        var tries: [(id: ContainerID, second: Int64)] = []
        var underWay = 0
        var mostUnderWay = 0
    }

    private let clock: HandClock
    private let state = Mutex(State())

    init(clock: HandClock) { self.clock = clock }

    var count: Int { state.withLock { $0.tries.count } }
    var underWay: Int { state.withLock { $0.underWay } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    /// In which seconds a container was tried.
    func tries(of id: String) -> [Int64] {
        state.withLock { $0.tries.filter { $0.id.text == id }.map(\.second) }
    }

    func answer(_ outcome: ProbeOutcome) { state.withLock { $0.outcome = outcome } }
    func holdAll() { state.withLock { $0.isHolding = true } }
    func releaseAll() { state.withLock { $0.isHolding = false } }

    func probe(_ handler: ProbeHandler, of container: ProbedContainer, timeout: Duration) async -> ProbeOutcome {
        let second = clock.now().nanoseconds / 1_000_000_000
        state.withLock { state in
            state.tries.append((container.id, second))
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
        while state.withLock({ $0.isHolding }), !Task.isCancelled { await Task.yield() }
        return state.withLock { state in
            state.underWay -= 1
            return state.outcome
        }
    }
}
