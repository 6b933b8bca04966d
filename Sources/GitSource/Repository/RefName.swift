/// What the user wrote to name a commit of the remote.
enum RefName {
    /// The commit itself.
    case commit(Revision)
    /// Full names of refs, the first that exists is meant.
    case candidates([String])

    /// Reads a branch, a tag, a full ref, `HEAD` or 40 digits.
    init(_ text: String) {
        if let revision = Revision(text) {
            self = .commit(revision)
        } else if text == "HEAD" || text.hasPrefix("refs/") {
            self = .candidates([text])
        } else {
            // Branches first, as `git clone --branch` has it: a tag of the same name must not divert a node.
            self = .candidates(["refs/heads/\(text)", "refs/tags/\(text)", "refs/\(text)"])
        }
    }

    /// The names to offer for those that a remote has: branches and tags by their short names, branches first.
    static func offered(_ refs: some Sequence<String>) -> [String] {
        let refs = refs.sorted()
        return ["refs/heads/", "refs/tags/"].flatMap { prefix in
            refs.filter { $0.hasPrefix(prefix) && !$0.hasSuffix("^{}") }.map { String($0.dropFirst(prefix.count)) }
        }
    }
}

/// A commit that the remote has, and under which name.
struct ResolvedRef: Hashable, Sendable {
    /// The full ref; nil when the commit was asked for by its digits.
    let name: String?
    /// The id that the ref holds: the commit's, or that of a tag which leads to it. Nil where it was not looked at.
    let target: Revision?
    let commit: Revision
}
