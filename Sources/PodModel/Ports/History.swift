/// Where everything decided and done is written down, for people.
///
/// Never an input to a decision. No call waits for a disk and none fails: a history that cannot be written says so in
/// `trouble`, and healing goes on.
public protocol History: Sendable {
    /// A revision was seen, accepted or refused.
    func record(_ entry: RevisionEntry)

    /// A plan was made that changes something.
    func record(_ entry: PlanEntry)

    /// An action is about to be carried out.
    ///
    /// - Returns: what to name when its outcome is known. An intent without outcome was interrupted.
    func intend(_ intent: ActionIntent) -> IntentID

    /// How an action ended, and how long it took.
    func conclude(_ intent: IntentID, _ outcome: ActionOutcome, after duration: Duration)

    /// Something happened to a Pod.
    func record(_ event: PodEvent)

    /// Returns once everything handed over before is written, or cannot be.
    func flush() async

    /// Why the history cannot be written now; nil if it can.
    var trouble: String? { get }
}

/// A revision, and what became of it.
public struct RevisionEntry: Hashable, Sendable, Codable {
    /// What became of a revision.
    public enum Verdict: String, Hashable, Sendable, Codable {
        /// Every application stands at it.
        case accepted
        /// The same, and not one Pod differs from what was accepted before.
        case unchanged
        /// Some application has errors and stays at an older revision; the others stand at it.
        case partlyAccepted = "partly accepted"
        /// No application could take it.
        case refused
    }

    /// Which revision.
    public let revision: RevisionID
    /// Who wrote it, and why.
    public let commit: CommitSummary
    /// When it was looked at.
    public let at: WallTime
    /// What became of it.
    public let verdict: Verdict
    /// What is wrong with it: one line each, as the user saw them.
    public let diagnostics: [String]

    /// Puts an entry together.
    public init(
        revision: RevisionID, commit: CommitSummary, at: WallTime, verdict: Verdict, diagnostics: [String]
    ) {
        self.revision = revision
        self.commit = commit
        self.at = at
        self.verdict = verdict
        self.diagnostics = diagnostics
    }
}

/// What a comparison of accepted and observed Pods led to.
public struct PlanEntry: Hashable, Sendable, Codable {
    /// What is to happen to one Pod, and why.
    public struct Change: Hashable, Sendable, Codable {
        /// The Pod's name.
        public let pod: PodName
        /// The Pod's identity; of a replacement, the new one.
        public let uid: PodUID
        /// `create`, `replace`, `restart`, `resize`, `update` or `delete`.
        public let verb: String
        /// Why, in a few words.
        public let reason: String

        /// Puts a change together.
        public init(pod: PodName, uid: PodUID, verb: String, reason: String) {
            self.pod = pod
            self.uid = uid
            self.verb = verb
            self.reason = reason
        }
    }

    /// The revision that was compared.
    public let revision: RevisionID
    /// When.
    public let at: WallTime
    /// Never empty.
    public let changes: [Change]

    /// Puts an entry together.
    public init(revision: RevisionID, at: WallTime, changes: [Change]) {
        self.revision = revision
        self.at = at
        self.changes = changes
    }
}

/// An action about to be carried out.
public struct ActionIntent: Hashable, Sendable, Codable {
    /// The revision it serves; nil when it serves no accepted one.
    public let revision: RevisionID?
    /// The Pod's name.
    public let pod: PodName
    /// The Pod's identity.
    public let uid: PodUID
    /// What is about to be done.
    public let action: PodAction
    /// When it was begun.
    public let at: WallTime

    /// Puts an intent together.
    public init(revision: RevisionID?, pod: PodName, uid: PodUID, action: PodAction, at: WallTime) {
        self.revision = revision
        self.pod = pod
        self.uid = uid
        self.action = action
        self.at = at
    }
}

/// Names an intent until its outcome is known.
public struct IntentID: Hashable, Sendable, Codable {
    /// Unique within one history.
    public let number: Int64

    /// Takes the number.
    public init(_ number: Int64) { self.number = number }
}
