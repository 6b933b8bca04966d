import CLinux
import Glibc
import Linux

/// Carries bytes between the user's terminal and the terminal a program in a container has.
///
/// Blocks the thread it runs on: give it one of its own.
struct TerminalRelay: ~Copyable {
    private let master: Descriptor
    private let input: Int32
    private let output: Int32
    private let sizeChanges: Descriptor

    /// - Parameters:
    ///   - master: the side of the container's terminal that is ours.
    ///   - input: where keys come from; -1 to send none.
    ///   - output: where what the program shows goes, and whose size the program's terminal takes on.
    init(master: consuming Descriptor, input: Int32, output: Int32) throws(SystemError) {
        self.master = master
        self.input = input
        self.output = output
        try self.master.setNonBlocking()
        sizeChanges = Descriptor(owning: try retrying("signalfd") { clinux_signalfd(SIGWINCH) })
    }

    /// Goes on until the program's terminal is closed on its side.
    func run() throws(SystemError) {
        copySize()
        // What was typed or pasted, and the program's terminal has no room for yet. Meanwhile no more is taken, but what
        // the program shows is: it may read no further before that is gone.
        var keys: ArraySlice<UInt8> = []
        var isInputOver = false
        while true {
            let source = isInputOver || !keys.isEmpty ? -1 : input
            var waited = [
                pollfd(fd: master.raw, events: Int16(keys.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0),
                pollfd(fd: sizeChanges.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: source, events: Int16(POLLIN), revents: 0),
            ]
            try retrying("poll") { poll(&waited, nfds_t(waited.count), -1) }
            if waited[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
                guard let shown = try readWhatIsThere(from: master.raw) else { return }
                try write(shown)
            }
            if waited[1].revents != 0 {
                clinux_signalfd_drain(sizeChanges.raw)
                copySize()
            }
            if waited[2].revents != 0 {
                let typed = try readWhatIsThere(from: input)
                isInputOver = typed == nil
                keys = typed?[...] ?? []
            }
            keys = try offer(keys)
        }
    }

    private func write(_ shown: [UInt8]) throws(SystemError) {
        var rest = shown[...]
        while !rest.isEmpty {
            let count = try retrying("write") {
                rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Gives the program's terminal what it takes without waiting.
    ///
    /// - Returns: the rest.
    private func offer(_ keys: ArraySlice<UInt8>) throws(SystemError) -> ArraySlice<UInt8> {
        if keys.isEmpty { return keys }
        let raw = master.raw
        do {
            return keys.dropFirst(
                try retrying("write") { keys.withUnsafeBytes { Glibc.write(raw, $0.baseAddress, $0.count) } })
        } catch let error where error.code == EAGAIN {
            return keys
        }
    }

    /// Output that is no terminal has no size to pass on.
    private func copySize() {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0 else { return }
        _ = ioctl(master.raw, UInt(TIOCSWINSZ), &size)
    }

    /// Keeps SIGWINCH for the relay, which reads it from a descriptor: call it before the first thread starts, because
    /// any thread that does not block the signal would take and ignore it.
    static func reserveSizeChanges() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGWINCH)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
