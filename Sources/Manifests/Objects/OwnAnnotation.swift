/// An annotation that means something to this agent.
public enum OwnAnnotation: String, Sendable, CaseIterable {
    /// `"true"` on a Pod: its containers are restarted when the tags of their images move.
    case followTag = "reconcile-agent.dev/follow-tag"

    /// What the names of all of them begin with; no other begins so.
    static let prefix = "reconcile-agent.dev/"
}
