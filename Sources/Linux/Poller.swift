import CLinux
import Glibc
import Synchronization

/// One thread that waits for many descriptors and times, calls back when one is readable or due, and lends itself to tasks:
/// what such a task waits for (`Poller+waiting.swift`) comes to the thread that it runs on, and no other has to be woken.
///
/// While nothing has a time it sleeps in epoll without a timeout. Callbacks and tasks run on its thread and must be short. One
/// per process is enough: the thread, and the poller with it, lives as long as the process.
public final class Poller: TaskExecutor {
    /// Names a registration.
    public struct Registration: Hashable, Sendable { fileprivate let key: UInt64 }

    /// Names something that is to be done at a time.
    public struct Timer: Hashable, Sendable { fileprivate let key: UInt64 }

    private let epoll: Int32
    /// Wakes the thread; its key is none of a registration.
    private let bell: Int32
    private static let bellKey: UInt64 = 0
    private let state = Mutex(State())

    private typealias Callback = @Sendable () -> Void

    private struct State {
        var callbacks: [UInt64: Callback] = [:]
        var timers = TimerQueue<Callback>()
        var jobs: [UnownedJob] = []
        var nextKey: UInt64 = 1
        /// Until when the thread sleeps; nil while it is awake and will look for what is new by itself.
        var sleepsUntil: BootInstant?
    }

    /// Starts the thread.
    public init() throws(SystemError) {
        epoll = try retrying("epoll_create1") { clinux_epoll() }
        bell = try retrying("eventfd") { clinux_bell() }
        try retrying("epoll_ctl") { [epoll, bell] in clinux_epoll_add_bell(epoll, bell, Self.bellKey) }
        try startThread { [self] in run() }
    }

    // MARK: Descriptors

    /// Calls `body` whenever `descriptor` is readable or its peer is gone, until `remove`.
    ///
    /// The descriptor must stay open until then.
    public func add(_ descriptor: Int32, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> Registration {
        try add(body) { clinux_epoll_add(epoll, descriptor, $0) }
    }

    /// Calls `body` once `descriptor` is ready, or its peer is gone; at most once. To be removed in either case.
    func addOnce(
        _ descriptor: Int32, for readiness: Readiness, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> Registration {
        try add(body) { clinux_epoll_add_once(epoll, descriptor, readiness == .writable ? 1 : 0, $0) }
    }

    private func add(
        _ body: @escaping @Sendable () -> Void, _ register: (UInt64) -> Int32
    ) throws(SystemError) -> Registration {
        let key = state.withLock { state in
            defer { state.nextKey += 1 }
            state.callbacks[state.nextKey] = body
            return state.nextKey
        }
        do throws(SystemError) {
            try retrying("epoll_ctl") { register(key) }
        } catch {
            _ = state.withLock { $0.callbacks.removeValue(forKey: key) }
            throw error
        }
        return Registration(key: key)
    }

    /// Ends a registration, before its descriptor is closed. A callback under way may still end after this returns.
    public func remove(_ registration: Registration, descriptor: Int32) {
        _ = state.withLock { $0.callbacks.removeValue(forKey: registration.key) }
        clinux_epoll_remove(epoll, descriptor)
    }

    // MARK: Times

    /// Calls `body` at a time, or a millisecond later, unless it is called off before.
    @discardableResult
    public func call(at due: BootInstant, _ body: @escaping @Sendable () -> Void) -> Timer {
        let (key, wakes) = state.withLock { state in
            let key = state.timers.insert(body, due: due)
            return (key, Self.wakes(&state, for: due))
        }
        if wakes { clinux_ring(bell) }
        return Timer(key: key)
    }

    /// Calls off what was to be done at a time. One under way may still end after this returns.
    public func cancel(_ timer: Timer) {
        // Let go of outside the lock: it may hold things whose end calls back.
        _ = state.withLock { $0.timers.cancel(timer.key) }
    }

    // MARK: Tasks

    /// Takes in a piece of a task.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wakes = state.withLock { state in
            state.jobs.append(job)
            return Self.wakes(&state, for: BootInstant(nanoseconds: 0))
        }
        if wakes { clinux_ring(bell) }
    }

    // MARK: The thread

    /// Whether the thread has to be woken for something that is due then; it is awake from now on if so.
    private static func wakes(_ state: inout State, for due: BootInstant) -> Bool {
        guard let until = state.sleepsUntil, due < until else { return false }
        state.sleepsUntil = nil
        return true
    }

    private func run() {
        var keys = [UInt64](repeating: 0, count: 64)
        var jobs: [UnownedJob] = []
        while true {
            runTasks(&jobs)
            let count = clinux_epoll_wait_for(epoll, &keys, Int32(keys.count), patience())
            if count < 0 { return }
            state.withLock { $0.sleepsUntil = nil }
            for key in keys.prefix(Int(count)) where key != Self.bellKey { call(key) }
            runTimers()
        }
    }

    private func call(_ key: UInt64) {
        let body = state.withLock { $0.callbacks[key] }
        body?()
    }

    private func runTimers() {
        guard state.withLock({ !$0.timers.isEmpty }) else { return }
        let now = BootInstant.now()
        while let body = state.withLock({ $0.timers.take(now: now) }) { body() }
    }

    /// Runs what was taken in, and a few rounds of what comes of it: descriptors must not wait for a task that goes on and on.
    private func runTasks(_ jobs: inout [UnownedJob]) {
        for _ in 0..<16 {
            jobs.removeAll(keepingCapacity: true)
            state.withLock { swap(&$0.jobs, &jobs) }
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// How many milliseconds the thread may sleep; -1: for ever. It sleeps from now on.
    private func patience() -> Int32 {
        state.withLock { state in
            guard state.jobs.isEmpty else { return 0 }
            guard let due = state.timers.earliest else {
                state.sleepsUntil = BootInstant(nanoseconds: .max)
                return -1
            }
            let now = BootInstant.now()
            if due <= now { return 0 }
            state.sleepsUntil = due
            return Int32(clamping: (due.nanoseconds - now.nanoseconds + 999_999) / 1_000_000)
        }
    }
}
