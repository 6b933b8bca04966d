/// What this version does with a field that Kubernetes knows.
enum Verdict: Sendable, Hashable {
    /// It is read and acted upon.
    case supported
    /// Whoever writes it is told that it has no effect here, and why. The object is used.
    ///
    /// Values of which nobody expects an effect are accepted in silence.
    case noticed(because: String, unless: [JSONValue] = [])
    /// Whoever writes it is told that this version does not support it. Values that ask for what happens anyway are
    /// accepted in silence.
    case refused(unless: [JSONValue] = [], instead: String? = nil)
}
