import Glibc
import Linux
import Patience
import Testing

@testable import reconcile_agent

@Suite("Between the user's terminal and the container's")
struct TerminalRelayTests {
    @Test("keys go in, output comes out, the size is taken over, and the program's end is the relay's")
    func relays() async throws {
        let user = try Pseudoterminal(rows: 33, columns: 101)
        let container = try Pseudoterminal(rows: 1, columns: 1)
        let (userSide, program) = (user.terminal.raw, container.terminal.release())
        let master = try container.master.duplicate().release()
        let relay = Task.detached(executorPreference: ThreadPerJob.shared) {
            try TerminalRelay(master: Descriptor(owning: master), input: userSide, output: userSide).run()
        }

        try type("hello\n", into: user.master.raw)
        #expect(try readLine(from: program) == "hello\n")
        var size = winsize()
        _ = ioctl(program, UInt(TIOCGWINSZ), &size)
        #expect(size.ws_row == 33 && size.ws_col == 101)
        close(program)

        try await relay.value
    }

    @Test("a raw terminal is put back as it was")
    func restores() throws {
        let user = try Pseudoterminal(rows: 24, columns: 80)
        let before = try settings(of: user.terminal.raw)

        let raw = try RawTerminal.enter(user.terminal.raw)
        #expect(try settings(of: user.terminal.raw).c_lflag & tcflag_t(ICANON) == 0)
        raw.restore()

        #expect(try settings(of: user.terminal.raw).c_lflag == before.c_lflag)
    }
}

/// Both sides of a terminal.
private struct Pseudoterminal: ~Copyable {
    let master: Descriptor
    let terminal: Descriptor

    init(rows: UInt16, columns: UInt16) throws {
        var (first, second): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try retrying("openpty") { openpty(&first, &second, nil, nil, &size) }
        master = Descriptor(owning: first)
        terminal = Descriptor(owning: second)
    }
}

private func type(_ text: String, into descriptor: Int32) throws {
    let bytes = Array(text.utf8)
    try retrying("write") { write(descriptor, bytes, bytes.count) }
}

private func readLine(from descriptor: Int32) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = try retrying("read") { read(descriptor, &buffer, buffer.count) }
    return String(decoding: buffer[..<count], as: UTF8.self)
}

private func settings(of descriptor: Int32) throws -> termios {
    var settings = termios()
    try retrying("tcgetattr") { tcgetattr(descriptor, &settings) }
    return settings
}
