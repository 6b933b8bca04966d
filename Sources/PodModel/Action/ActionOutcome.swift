/// What is worth telling about an action that was carried out.
public struct ActionDetail: Hashable, Sendable, Codable {
    /// A few words for the history, for example `address 10.88.0.7`; empty if there is nothing to tell.
    public let message: String
    /// Why the process that the action was to start could not be started: an exit of its attempt, no failure of the
    /// action. Nil for everything else.
    public let startError: String?
    /// The transfer that a pull took; of a start, the one that was made for it. Nil when the image was there.
    public let pulled: PulledImage?
    /// What the Pod does without, to be told as events; nil for nothing.
    public let warnings: [ActionWarning]?

    /// Takes the words.
    public init(
        _ message: String = "", startError: String? = nil, pulled: PulledImage? = nil, warnings: [ActionWarning]? = nil
    ) {
        self.message = message
        self.startError = startError
        self.pulled = pulled
        self.warnings = warnings
    }
}

/// Something that did not keep an action from being carried out, and that the Pod's user should know.
public struct ActionWarning: Hashable, Sendable, Codable {
    /// One word, for example `DNSConfigForming`.
    public let reason: String
    /// A sentence.
    public let message: String

    /// Puts a warning together.
    public init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }
}

/// An image that was pulled.
public struct PulledImage: Hashable, Sendable, Codable {
    /// How long the transfer took.
    public let took: Duration
    /// The same with the time that it waited for its turn.
    public let waited: Duration
    /// Bytes of its blobs as stored.
    public let size: Int64

    /// Puts the figures together.
    public init(took: Duration, waited: Duration, size: Int64) {
        self.took = took
        self.waited = waited
        self.size = size
    }
}

/// An action that was not carried out: tried again later, with back-off, and shown to the user.
public struct ActionFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// One word, for example `ErrImageNeverPull` or `FailedCreatePodSandBox`.
    public let reason: String
    /// A sentence: what failed, where, why, what to do.
    public let message: String

    /// Puts a failure together.
    public init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }

    /// `reason: message`.
    public var description: String { "\(reason): \(message)" }
}

/// How an action ended.
public enum ActionOutcome: Hashable, Sendable, Codable {
    /// It was carried out.
    case done(ActionDetail)
    /// It was not, and will be tried again.
    case failed(ActionFailure)
    /// The agent was told to stop before it was finished; the next agent finds what came of it.
    case cancelled
}
