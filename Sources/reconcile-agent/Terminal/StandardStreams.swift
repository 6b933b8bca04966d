import Glibc
import Linux

/// Writes what a person or a program asked for. A reader that went away ends the agent quietly, as SIGPIPE would.
func write(standardOutput text: String) { writeOut(Array(text.utf8), to: STDOUT_FILENO) }

/// Writes bytes as they are.
func write(standardOutput bytes: [UInt8]) { writeOut(bytes, to: STDOUT_FILENO) }

/// Writes what a person should know meanwhile: progress, notices, errors.
func write(standardError text: String) { writeOut(Array(text.utf8), to: STDERR_FILENO) }

private func writeOut(_ bytes: [UInt8], to stream: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
        do {
            let count = try retrying("write") { rest.withUnsafeBytes { write(stream, $0.baseAddress, $0.count) } }
            rest = rest.dropFirst(count)
        } catch {
            // Nobody can be told: the place to tell is the one that failed.
            exit(error.code == EPIPE ? 128 + SIGPIPE : ExitStatus.actionFailed.rawValue)
        }
    }
}
