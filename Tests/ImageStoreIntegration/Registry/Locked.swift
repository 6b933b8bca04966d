import Synchronization

/// A value that many tasks change.
final class Locked<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) {
        state.withLock { state in
            var copy = state
            body(&copy)
            state = copy
        }
    }
}
