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
        sizeChanges = Descriptor(owning: try retrying("signalfd") { clinux_signalfd(SIGWINCH) })
    }

    /// Goes on until the program's terminal is closed on its side.
    func run() throws(SystemError) {
        copySize()
        var inputs = [
            pollfd(fd: master.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: sizeChanges.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            try retrying("poll") { poll(&inputs, nfds_t(inputs.count), -1) }
            if inputs[0].revents != 0, try !copy(from: master.raw, to: output) { return }
            if inputs[1].revents != 0 {
                clinux_signalfd_drain(sizeChanges.raw)
                copySize()
            }
            if inputs[2].revents != 0, try !copy(from: input, to: master.raw) { inputs[2].fd = -1 }
        }
    }

    /// Copies what is there. Returns false at the end: of a file, or (EIO) of a terminal nobody has open any more.
    private func copy(from source: Int32, to target: Int32) throws(SystemError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count: Int
        do {
            count = try retrying("read") { buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) } }
        } catch let error where error.code == EIO {
            return false
        }
        var rest = buffer[..<count]
        while !rest.isEmpty {
            let written = try retrying("write") { rest.withUnsafeBytes { write(target, $0.baseAddress, $0.count) } }
            rest = rest.dropFirst(written)
        }
        return count > 0
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
