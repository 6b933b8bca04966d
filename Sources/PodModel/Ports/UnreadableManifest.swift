/// Something of a revision that looks like manifests and was not read.
///
/// Its application keeps what it had: to treat this as absent would delete the Pods it declares.
public struct UnreadableManifest: Hashable, Sendable {
    /// Where it is, relative to the followed path.
    public let path: String
    /// What it is and why it was not read, without the path.
    public let message: String
    /// What to do about it.
    public let hint: String
    /// Whether it may as well have nothing to do with manifests: then it is worth a notice where no Pod is at stake, and
    /// an error only where its application has some.
    public let isIncidental: Bool

    /// Puts a finding together.
    public init(path: String, message: String, hint: String, isIncidental: Bool = false) {
        self.path = path
        self.message = message
        self.hint = hint
        self.isIncidental = isIncidental
    }
}
