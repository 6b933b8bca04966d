/// Lets so many nodes live at once and no more, whichever suites they belong to: all at once they would only wait for each
/// other's processors.
public actor NodeGate {
    /// The one gate of a test process.
    public static let shared = NodeGate(width: 8)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) { free = width }

    /// Waits for a place.
    public func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Gives the place to who waits.
    public func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
