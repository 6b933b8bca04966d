import Glibc
import Linux
import Testing

@Suite("The service manager hears how the agent is") struct NotifySocketTests {
    @Test("a datagram reaches a socket by path, and one by abstract name", arguments: [false, true])
    func delivered(isAbstract: Bool) throws {
        let name = "reconcile-notify-\(UInt64.random(in: 0 ... .max))"
        let address = isAbstract ? "@\(name)" : "/tmp/\(name)"
        defer { if !isAbstract { unlink(address) } }
        let listener = try ListeningSocket(address)

        let manager = try #require(NotifySocket(socket: address))
        try manager.tell(.ready, .status("3 Pods,\nall well"))
        try manager.tell(.alive)
        try manager.tell(.stopping)

        #expect(listener.next() == "READY=1\nSTATUS=3 Pods, all well")
        #expect(listener.next() == "WATCHDOG=1")
        #expect(listener.next() == "STOPPING=1")
    }

    @Test("without a socket there is nobody to tell", arguments: [nil, "", "vsock:2:1", "relative"])
    func nobody(socket: String?) {
        #expect(NotifySocket(socket: socket) == nil)
    }

    @Test("a manager that went away is an error that names its socket")
    func gone() throws {
        let manager = try #require(NotifySocket(socket: "/nonexistent/notify"))

        let error = #expect(throws: SystemError.self) { try manager.tell(.ready) }
        #expect(error?.description.contains("/nonexistent/notify") == true)
        let long = try #require(NotifySocket(socket: "/" + String(repeating: "x", count: 200)))
        #expect(throws: SystemError.self) { try long.tell(.ready) }
    }
}

/// The manager's end of the conversation.
struct ListeningSocket: ~Copyable {
    private let descriptor: Descriptor

    init(_ name: String) throws {
        let descriptor = Descriptor(
            owning: try retrying("socket") { socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.hasPrefix("@") ? "\0\(name.dropFirst())".utf8 : name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let (raw, length) = (descriptor.raw, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
        try retrying("bind", name) {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(raw, $0, length) }
            }
        }
        self.descriptor = descriptor
    }

    /// The next datagram; nil when none came within ten seconds.
    borrowing func next() -> String? {
        var waited = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, 10_000) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor.raw, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
