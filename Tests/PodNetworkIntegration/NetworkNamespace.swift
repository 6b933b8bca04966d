import CLinux
import Dispatch
import Foundation
import Glibc
import Linux
import Synchronization

/// A network namespace that lives as long as this value does: no process is needed, and nothing is left behind.
///
/// Namespaces belong to threads, so everything that must happen inside one happens on a thread made for it.
struct NetworkNamespace: ~Copyable, Sendable {
    let descriptor: Descriptor

    /// A new, empty one.
    init() throws {
        descriptor = Descriptor(
            owning: try onOwnThread {
                try retrying("unshare") { clinux_unshare_network() }
                return try Descriptor.open("/proc/thread-self/ns/net").release()
            })
    }

    /// Runs `body` inside, on a thread of its own, and waits for it.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
        try Self.run(inside: descriptor.raw, body)
    }

    /// The same for a namespace known by its descriptor's number.
    static func run<Result: Sendable>(
        inside raw: Int32, _ body: @escaping @Sendable () throws -> Result
    ) throws -> Result {
        try onOwnThread {
            try retrying("setns") { clinux_enter_network(raw) }
            return try body()
        }
    }

    /// A routing socket created inside, as a supervisor would hand it over.
    func netlink() throws -> NetlinkSocket {
        try NetlinkSocket(
            adopting: Descriptor(owning: try run { try retrying("socket") { clinux_netlink_route() } }))
    }
}

private func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
    let done = DispatchSemaphore(value: 0)
    let box = Box<Result>()
    let thread = Thread {
        let result = Swift.Result { try body() }
        box.result.withLock { $0 = result }
        done.signal()
    }
    thread.start()
    done.wait()
    guard let result = box.result.withLock({ $0 }) else { throw SystemError("pthread_create", code: EAGAIN) }
    return try result.get()
}

private final class Box<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
}
