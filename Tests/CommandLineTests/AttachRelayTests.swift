import Glibc
import Linux
import SupervisorCore
import Testing

@testable import reconcile_agent

@Suite("Between the user's streams and a container's")
struct AttachRelayTests {
    @Test("both streams go where they belong, what is missing is said, and the end is the container's")
    func output() async throws {
        let session = try Session()
        let relay = session.relay(endsInput: false)
        session.tell(AttachPacket.output, "out")
        session.tell(AttachPacket.error, "err")
        session.tell(AttachPacket.lost, "\u{5}\u{1}\0\0\0\0\0\0")
        session.tell(99, "from the future")
        session.tell(AttachPacket.end)

        #expect(try await relay.value == .container)
        #expect(session.output == "out")
        #expect(
            session.errors
                == "err\r\nwarning: 261 bytes of output are missing here: they were not read in time\r\n")
    }

    @Test("output that breaks off is told from an end, and from a refusal")
    func brokenOff() async throws {
        let cut = try Session()
        let relay = cut.relay(endsInput: false)
        cut.closePackets()
        #expect(try await relay.value == .brokeOff)

        let refused = try Session()
        let other = refused.relay(endsInput: false)
        refused.tell(AttachPacket.refused)
        #expect(try await other.value == .refused)
    }

    @Test("input is passed on whole, however slowly it is read, before its end ends the session")
    func input() async throws {
        let session = try Session()
        let relay = session.relay(endsInput: false)
        let text = String(repeating: "0123456789abcdef", count: 20_000)
        let typing = session.type(text)

        #expect(try await session.read(text.utf8.count) == text)
        #expect(try await relay.value == .input)
        try await typing.value
    }

    @Test("where the end of the input is the container's, that reads it, and the output goes on")
    func inputOnce() async throws {
        let session = try Session()
        let relay = session.relay(endsInput: true)
        let typing = session.type("last words")
        #expect(try await session.readToEnd() == "last words")
        try await typing.value

        session.tell(AttachPacket.output, "heard")
        session.tell(AttachPacket.end)
        #expect(try await relay.value == .container)
        #expect(session.output == "heard")
    }

    @Test("a container that reads no more is shown on")
    func deaf() async throws {
        let session = try Session()
        let relay = session.relay(endsInput: false)
        session.closeReading()
        let typing = session.type("to nobody")
        try await typing.value

        session.tell(AttachPacket.output, "nevertheless")
        session.tell(AttachPacket.end)
        #expect(try await relay.value == .container)
        #expect(session.output == "nevertheless")
    }

    @Test("the keys that detach end the session, also where nothing is read, and are not passed on")
    func detach() async throws {
        for takesInput in [true, false] {
            let session = try Session()
            let relay = session.relay(endsInput: false, takesInput: takesInput, detachKeys: "x,y")
            let typing = session.type("keys xxyz", closes: false)

            #expect(try await relay.value == .input)
            try await typing.value
            #expect(try await session.readToEnd() == (takesInput ? "keys x" : ""))
            session.closeKeyboard()
        }
    }
}

/// A container without a process, and a user without a terminal.
private final class Session: @unchecked Sendable {
    private var packets: Int32
    private let theirPackets: Int32
    private var reading: Int32
    private let writing: Int32
    private let keyboard: (reading: Int32, writing: Int32)
    private let shown: (reading: Int32, writing: Int32)
    private let complained: (reading: Int32, writing: Int32)

    init() throws {
        var pair: [Int32] = [-1, -1]
        try retrying("socketpair") {
            socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair)
        }
        (packets, theirPackets) = (pair[0], pair[1])
        let container = try Self.pipe()
        (reading, writing) = (container.reading, container.writing)
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        keyboard = try Self.pipe()
        shown = try Self.pipe()
        complained = try Self.pipe()
    }

    deinit {
        closePackets()
        closeReading()
        for end in [keyboard.reading, shown.reading, shown.writing, complained.reading, complained.writing] {
            close(end)
        }
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try retrying("pipe") { Glibc.pipe(&ends) }
        return (ends[0], ends[1])
    }

    func relay(
        endsInput: Bool, takesInput: Bool = true, detachKeys: String? = nil
    ) -> Task<AttachRelay.End, any Error> {
        signal(SIGPIPE, SIG_IGN)
        let streams = AttachRelay.Streams(input: keyboard.reading, output: shown.writing, error: complained.writing)
        let (packets, container) = (theirPackets, writing)
        return onThread {
            let relay = try AttachRelay(
                packets: Descriptor(owning: packets), container: container, streams: streams,
                manners: AttachRelay.Manners(takesInput: takesInput, endsInput: endsInput, followsSize: false),
                detachKeys: detachKeys.flatMap { DetachKeys(parsing: $0) })
            return try relay.run()
        }
    }

    func tell(_ kind: UInt8, _ text: String = "") {
        let packet = [kind] + Array(text.utf8)
        #expect(send(packets, packet, packet.count, 0) == packet.count)
    }

    func closePackets() {
        if packets >= 0 { close(packets) }
        packets = -1
    }

    func closeReading() {
        if reading >= 0 { close(reading) }
        reading = -1
    }

    func closeKeyboard() { close(keyboard.writing) }

    /// Types, on another thread, and then has nothing more to say.
    func type(_ text: String, closes: Bool = true) -> Task<Void, any Error> {
        let keyboard = keyboard.writing
        return onThread {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                rest = rest.dropFirst(
                    try retrying("write") { rest.withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) } })
            }
            if closes { close(keyboard) }
        }
    }

    /// What the container reads.
    func read(_ count: Int) async throws -> String {
        let reading = reading
        return try await onThread { Self.read(count, from: reading) }.value
    }

    private static func read(_ count: Int, from reading: Int32) -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while text.count < count {
            let got = Glibc.read(reading, &chunk, chunk.count)
            if got <= 0 { break }
            text += chunk[..<got]
        }
        return String(decoding: text, as: UTF8.self)
    }

    func readToEnd() async throws -> String { try await read(.max) }

    var output: String { Self.there(shown.reading) }
    var errors: String { Self.there(complained.reading) }

    private static func there(_ descriptor: Int32) -> String {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var chunk = [UInt8](repeating: 0, count: 4096)
        let got = Glibc.read(descriptor, &chunk, chunk.count)
        return String(decoding: chunk[..<max(0, got)], as: UTF8.self)
    }
}

/// Runs what blocks on a thread of its own: a few of these would use up the threads that all other tasks share.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) -> Task<Value, any Error> {
    Task {
        try await withCheckedThrowingContinuation { continuation in
            do { try startThread { continuation.resume(with: Result { try body() }) } } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
