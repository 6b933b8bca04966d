import Glibc
import ImageStore
import Synchronization

/// How far the pull of an image has come, on standard error: one line that changes on a terminal, a few lines elsewhere.
final class PullDisplay: Sendable {
    private let name: String
    private let isTerminal: Bool
    private let state = Mutex(State())

    private struct State {
        var layers = 0
        var bytes: Int64 = 0
        var transferred: [Digest: Int64] = [:]
        var shown: ContinuousClock.Instant?
        var isDirty = false
    }

    init(_ name: String, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.name = name
        self.isTerminal = isTerminal
    }

    /// Shows progress. From any thread.
    func note(_ progress: PullProgress) {
        state.withLock { state in
            switch progress {
            case .resolved(let layers, let bytes):
                (state.layers, state.bytes) = (layers, bytes)
                let what = layers == 1 ? "1 layer" : "\(layers) layers"
                if !isTerminal { write(standardError: "\(name): pulling \(what), \(byteWords(bytes))\n") }
            case .transferred(let layer, let bytes, _):
                state.transferred[layer] = bytes
                show(&state)
            case .unpacking:
                if isTerminal {
                    line("\(name): unpacking", &state)
                } else {
                    write(standardError: "\(name): unpacking\n")
                }
            }
        }
    }

    /// Leaves the line to what is printed next.
    func finish() {
        state.withLock { state in
            if state.isDirty { write(standardError: "\r\u{1B}[K") }
            state.isDirty = false
        }
    }

    /// Ten times a second is as often as anybody reads.
    private func show(_ state: inout State) {
        guard isTerminal else { return }
        let now = ContinuousClock.now
        if let shown = state.shown, now - shown < .milliseconds(100) { return }
        state.shown = now
        let done = min(state.bytes, state.transferred.values.reduce(0, +))
        let filled = state.bytes > 0 ? Int(20 * done / state.bytes) : 20
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: 20 - filled)
        line("\(name): [\(bar)] \(byteWords(done))/\(byteWords(state.bytes))", &state)
    }

    private func line(_ text: String, _ state: inout State) {
        state.isDirty = true
        write(standardError: "\r\(text.suffix(78))\u{1B}[K")
    }
}
