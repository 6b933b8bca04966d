import PodModel

/// The revision that a person means by its first digits.
struct RevisionChoice: Hashable {
    let revision: RevisionID

    /// - Parameter seen: the revisions in the history, repeated or not.
    /// - Throws: `CommandFailure` when none begins like that, or several do.
    init(_ beginning: String, of seen: [RevisionID]) throws {
        let found = Set(seen.filter { $0.text.hasPrefix(beginning) }).sorted()
        guard let first = found.first else {
            throw CommandFailure(
                .notFound, "there is no revision '\(beginning)' in the history",
                hint: "reconcile-agent history shows those there are")
        }
        guard found.count == 1 else {
            let list = found.map { String($0.text.prefix(max(7, beginning.count + 2))) }.joined(separator: ", ")
            throw CommandFailure(
                .usage, "'\(beginning)' is the beginning of \(found.count) revisions: \(list)",
                hint: "write more of its digits")
        }
        revision = first
    }
}
