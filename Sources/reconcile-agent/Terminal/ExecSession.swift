import Glibc
import Linux
import NodeRuntime
import PodModel

/// An exec as seen from the user's end: standard streams handed over, or terminals connected.
struct ExecSession {
    let view: NodeView
    /// Whether the program may read this process's standard input.
    let passesInput: Bool

    /// Runs a program with this process's own streams: what it writes never passes through here.
    ///
    /// - Returns: its exit code.
    func runWithStreams(_ command: [String], in container: String, of pod: PodUID) async throws -> Int32 {
        let program = try await view.exec(
            command, in: container, of: pod,
            streams: .descriptors(input: passesInput ? STDIN_FILENO : nil, output: STDOUT_FILENO, error: STDERR_FILENO))
        return try await forwardingSignals(to: program) { try await program.exitCode() }
    }

    /// Runs a program with a terminal of its own, connected to the user's.
    ///
    /// - Returns: its exit code.
    func runWithTerminal(_ command: [String], in container: String, of pod: PodUID) async throws -> Int32 {
        let program = try await view.exec(command, in: container, of: pod, streams: .terminal(userSize))
        guard let master = program.takeTerminal() else { return try await program.exitCode() }
        let keyboard = passesInput ? STDIN_FILENO : -1
        let before = try keyboard >= 0 && isatty(keyboard) == 1 ? RawTerminal.enter(keyboard) : nil
        defer { before?.restore() }
        let shown = try Self.relay(master, input: keyboard)
        let code = try await forwardingSignals(to: program) { try await program.exitCode() }
        // The program's last words; a child it left behind may keep the terminal open for ever.
        await Self.first(of: shown, orAfter: .seconds(1))
        return code
    }

    private var userSize: TerminalSize {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return TerminalSize(rows: 24, columns: 80) }
        return TerminalSize(rows: size.ws_row, columns: size.ws_col)
    }

    /// Connects the terminals on a thread of its own. The stream ends when the program's side is closed.
    private static func relay(_ master: consuming Descriptor, input: Int32) throws -> AsyncStream<Void> {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let number = master.release()
        try startThread {
            defer { end.finish() }
            do {
                try TerminalRelay(master: Descriptor(owning: number), input: input, output: STDOUT_FILENO).run()
            } catch {
                write(standardError: "\r\nerror: the terminal was lost: \(error)\r\n")
            }
        }
        return ended
    }

    private static func first(of stream: AsyncStream<Void>, orAfter time: Duration) async {
        await withTaskGroup { tasks in
            tasks.addTask { for await _ in stream {} }
            tasks.addTask { try? await Task.sleep(for: time) }
            await tasks.next()
            tasks.cancelAll()
        }
    }
}
