import PodModel

/// What a retry is counted for: the same kind of action on the same container, or for the same image (kubelet: pulls are
/// held back by Pod and image).
public struct RetryKey: Hashable, Sendable {
    /// The action's name.
    public let verb: String
    /// The container it is about, if it is about one.
    public let container: String?
    /// The image it is about, if it is about one.
    public let image: String?

    /// The key of an action.
    public init(_ action: PodAction) {
        verb = action.verb
        image = action.image
        container = action.image == nil ? action.container : nil
    }
}

/// An action that failed, and when it may be tried again: after 10, 20, 40 … 300 seconds.
public struct Retry: Hashable, Sendable {
    /// The first delay (kubelet: a failed sync, a failed pull).
    public static let base = Duration.seconds(10)
    /// The longest delay.
    public static let cap = Duration.seconds(300)
    /// What is tried again and again at the same pace: it costs nothing, and its cause is mended from outside.
    private static let steady = "CreateContainerConfigError"

    /// What went wrong.
    public let failure: ActionFailure
    /// The delay this failure causes.
    public let delay: Duration
    /// The earliest time of the next try.
    public let due: BootTime

    /// What is not tried again before something else has changed, or a sweep looks at everything.
    init(_ failure: ActionFailure, dueAt due: BootTime) {
        self.failure = failure
        delay = Self.cap
        self.due = due
    }

    /// Counts a failure.
    ///
    /// - Parameter previous: the failure before, if the action did not succeed since.
    public init(_ failure: ActionFailure, after previous: Retry?, now: BootTime) {
        self.failure = failure
        let grows = failure.reason != Self.steady
        delay = grows ? previous.map { min($0.delay * 2, Self.cap) } ?? Self.base : Self.base
        due = now + delay
    }
}
