import Glibc
import Linux

/// A shell that waits for one line on its input before it runs its script; killed and reaped with this value.
struct Child: ~Copyable {
    let process: pid_t
    private let input: Descriptor

    init(_ script: String) throws {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try retrying("socketpair") { socketpair(AF_UNIX, kind, 0, &ends) }
        let (reader, writer) = (ends[0], ends[1])
        let input = Descriptor(owning: writer)
        defer { close(reader) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, reader, 0)
        let words = ["sh", "-c", "read line; \(script)"]
        var arguments = words.map { (word: String) -> UnsafeMutablePointer<CChar>? in strdup(word) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var process: pid_t = 0
        let code = posix_spawn(&process, "/bin/sh", &actions, nil, arguments, nil)
        guard code == 0 else { throw SystemError("posix_spawn", "/bin/sh", code: code) }
        self.process = process
        self.input = input
    }

    /// Lets the script run.
    borrowing func go() throws { try input.writeAll("\n".utf8) }

    /// The signal that ended it, or nil when it ended by itself. Waits.
    consuming func signal() throws -> Int32? {
        let process = process
        var status: Int32 = 0
        try retrying("waitpid") { waitpid(process, &status, 0) }
        _ = consume self
        let signal = status & 0x7f
        return signal == 0 ? nil : signal
    }

    deinit {
        // Reaped already: the number is nobody's, since only this value's owner could have reaped it.
        var status: Int32 = 0
        if waitpid(process, &status, WNOHANG) == 0 {
            kill(process, SIGKILL)
            waitpid(process, &status, 0)
        }
    }
}
