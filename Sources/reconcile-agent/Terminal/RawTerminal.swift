import Glibc
import Linux

/// The user's terminal, made to pass every key on, and put back as it was when this value ends.
struct RawTerminal: ~Copyable {
    private let terminal: Int32
    private let saved: termios

    /// Whether `descriptor` is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Makes the terminal behind `descriptor` raw.
    init(_ descriptor: Int32) throws(SystemError) {
        var before = termios()
        try retrying("tcgetattr") { tcgetattr(descriptor, &before) }
        var raw = before
        cfmakeraw(&raw)
        try retrying("tcsetattr") { tcsetattr(descriptor, TCSADRAIN, &raw) }
        terminal = descriptor
        saved = before
    }

    deinit {
        // The terminal may be gone, and then there is nothing to put back.
        var saved = saved
        tcsetattr(terminal, TCSADRAIN, &saved)
    }
}

/// Rows and columns of a terminal.
struct TerminalSize: Hashable, Sendable {
    let rows: UInt16
    let columns: UInt16

    /// The size of the terminal behind `descriptor`.
    init(of descriptor: Int32) throws(SystemError) {
        var size = winsize()
        try retrying("ioctl(TIOCGWINSZ)") { ioctl(descriptor, UInt(TIOCGWINSZ), &size) }
        rows = size.ws_row
        columns = size.ws_col
    }

    /// Gives this size to the terminal behind `descriptor`; its programs get SIGWINCH.
    func apply(to descriptor: Int32) throws(SystemError) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try retrying("ioctl(TIOCSWINSZ)") { ioctl(descriptor, UInt(TIOCSWINSZ), &size) }
    }
}
