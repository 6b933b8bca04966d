/// What only the running loop knows: how it gets on with its source and its plans. For people, never for decisions.
public struct LoopStatus: Hashable, Sendable, Codable {
    /// One question to the source.
    public struct Poll: Hashable, Sendable, Codable {
        /// When it was answered, or failed.
        public let at: WallTime
        /// Why it failed; nil if it did not.
        public let failure: String?

        /// Puts a question's outcome together.
        public init(at: WallTime, failure: String? = nil) {
            self.at = at
            self.failure = failure
        }
    }

    /// One comparison of what should run with what does.
    public struct Plan: Hashable, Sendable, Codable {
        /// When it was made.
        public let at: WallTime
        /// Of which revision; nil if none was accepted yet.
        public let revision: RevisionID?
        /// How many Pods it changed something about.
        public let changes: Int
        /// Why it could not be carried out; nil if it was.
        public let failure: String?

        /// Puts a plan's outcome together.
        public init(at: WallTime, revision: RevisionID?, changes: Int = 0, failure: String? = nil) {
            self.at = at
            self.revision = revision
            self.changes = changes
            self.failure = failure
        }
    }

    /// A change that is not made for now.
    public struct Held: Hashable, Sendable, Codable {
        /// The Pod it is about.
        public let pod: PodName
        /// The change, for example `delete`.
        public let change: String
        /// Why it is not made.
        public let reason: String
        /// When it is tried again.
        public let until: WallTime

        /// Puts a held change together.
        public init(pod: PodName, change: String, reason: String, until: WallTime) {
            self.pod = pod
            self.change = change
            self.reason = reason
            self.until = until
        }
    }

    /// The newest question to the source; nil before the first was answered.
    public var lastPoll: Poll?
    /// When the source last answered.
    public var lastAnswer: WallTime?
    /// When it is asked again; nil if that is not planned.
    public var nextPoll: WallTime?
    /// The newest plan; nil before the first.
    public var lastPlan: Plan?
    /// The newest plan that changed something, since this agent began.
    public var lastChange: Plan?
    /// What is held back, by name.
    public var held: [Held]
    /// What the node is short of; nil when nobody looked.
    public var pressures: [NodePressure]?
    /// Why the history cannot be written; nil if it can.
    public var historyTrouble: String?

    /// Of a loop that did nothing yet.
    public init() { held = [] }
}
