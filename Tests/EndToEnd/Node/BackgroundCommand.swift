import Foundation
import Glibc
import Linux
import Synchronization

/// A command that goes on while the test does something; killed with it.
final class BackgroundCommand: Sendable {
    private let output: String
    private let child: Mutex<ChildProcess?>

    init(executable: String, arguments: [String], environment: [String: String], output: String) throws {
        let file = try Descriptor.open(output, O_WRONLY | O_CREAT | O_APPEND)
        self.output = output
        child = Mutex(
            try spawn(
                executable: executable, arguments: arguments, environment: environment,
                descriptors: [1: file.raw, 2: file.raw]))
    }

    deinit { _ = try? end(by: SIGKILL) }

    /// What it wrote so far, without what it said about itself.
    func text() throws -> String {
        try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("no agent is running") }.joined(separator: "\n")
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
