import Foundation
import Glibc
import Linux
import Patience
import Synchronization

/// A command that goes on while the test does something; killed with it.
final class BackgroundCommand: Sendable {
    private let output: String
    private let child: Mutex<ChildProcess?>
    /// Readable once it has ended.
    private let ending: Descriptor

    init(executable: String, arguments: [String], environment: [String: String], output: String) throws {
        let file = try Descriptor.open(output, O_WRONLY | O_CREAT | O_APPEND)
        self.output = output
        let process = try spawn(
            executable: executable, arguments: arguments, environment: environment,
            descriptors: [1: file.raw, 2: file.raw])
        ending = try process.pidfd.duplicate()
        child = Mutex(process)
    }

    deinit { _ = try? end(by: SIGKILL) }

    /// What it wrote so far, without what it said about itself.
    func text() throws -> String {
        try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("no agent is running") }.joined(separator: "\n")
    }

    /// Waits for the end that it comes to by itself.
    ///
    /// - Returns: the exit code, as `end` does; -1 when it does not end.
    func ended() async throws -> Int32 {
        var waited = pollfd(fd: ending.raw, events: Int16(POLLIN), revents: 0)
        for _ in 0..<900 * patience {
            guard poll(&waited, 1, 0) == 0 else { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        return waited.revents == 0 ? -1 : try end(by: 0)
    }

    /// Sends a signal and waits for the end.
    ///
    /// - Returns: the exit code; 128 and the signal's number when a signal ended it.
    @discardableResult
    func end(by signal: Int32) throws -> Int32 {
        try child.withLock { child in
            guard let process = child.take() else { return -1 }
            kill(process.pid, signal)
            switch try process.reap() {
            case .exited(let code): return code
            case .signaled(let number): return 128 + number
            }
        }
    }
}
