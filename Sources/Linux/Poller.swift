import CLinux
import Glibc
import Synchronization

/// One thread that waits for many descriptors and calls back when one is readable.
///
/// It sleeps in epoll without a timeout; callbacks run on its thread and must be short. One per process is enough.
public final class Poller: Sendable {
    /// Names a registration.
    public struct Registration: Hashable, Sendable { fileprivate let key: UInt64 }

    private let epoll: Int32
    private let state = Mutex(State())

    private struct State {
        var callbacks: [UInt64: @Sendable () -> Void] = [:]
        var nextKey: UInt64 = 1
    }

    /// Starts the thread.
    public init() throws(SystemError) {
        epoll = try retrying("epoll_create1") { clinux_epoll() }
        let epoll = epoll
        // The thread lives as long as the process: pollers are made once.
        try startThread { [weak self] in
            var keys = [UInt64](repeating: 0, count: 64)
            while true {
                let count = clinux_epoll_wait(epoll, &keys, Int32(keys.count))
                if count < 0 { return }
                for key in keys.prefix(Int(count)) { self?.call(key) }
            }
        }
    }

    /// Calls `body` whenever `descriptor` is readable or its peer is gone, until `remove`.
    ///
    /// The descriptor must stay open until then.
    public func add(_ descriptor: Int32, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> Registration {
        let key = state.withLock { state in
            defer { state.nextKey += 1 }
            state.callbacks[state.nextKey] = body
            return state.nextKey
        }
        do throws(SystemError) {
            try retrying("epoll_ctl") { clinux_epoll_add(epoll, descriptor, key) }
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

    private func call(_ key: UInt64) {
        let body = state.withLock { $0.callbacks[key] }
        body?()
    }
}
