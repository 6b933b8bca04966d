import Glibc
import Linux

/// The user's terminal as it was before it was made to pass every key on.
struct RawTerminal: Sendable {
    private let terminal: Int32
    private let before: termios

    /// Makes the terminal behind `descriptor` raw.
    static func enter(_ descriptor: Int32) throws(SystemError) -> RawTerminal {
        let terminal = try RawTerminal(lookingAt: descriptor)
        try terminal.enter()
        return terminal
    }

    /// Looks at a terminal as it is.
    init(lookingAt descriptor: Int32) throws(SystemError) {
        var before = termios()
        try retrying("tcgetattr") { tcgetattr(descriptor, &before) }
        (terminal, self.before) = (descriptor, before)
    }

    /// Makes it raw.
    func enter() throws(SystemError) {
        let terminal = terminal
        var raw = before
        cfmakeraw(&raw)
        try retrying("tcsetattr") { tcsetattr(terminal, TCSADRAIN, &raw) }
    }

    /// Puts the terminal back as it was. It may be gone, and then there is nothing to put back.
    func restore() {
        var before = before
        tcsetattr(terminal, TCSADRAIN, &before)
    }
}
