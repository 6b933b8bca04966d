/// What `history` says about one revision.
public struct HistoryRow: Hashable, Sendable {
    /// The commit's full id, or the word that stands for it.
    public let revision: String
    /// Time since the agent first saw it.
    public let age: Duration
    /// Who committed it.
    public let author: String
    /// The first line of the commit's message.
    public let subject: String
    /// What became of it, for example `accepted` or `refused`.
    public let result: String
    /// What the agent did for it, one phrase per Pod, for example `create blue/nginx-pod`.
    public let actions: [String]

    /// A row of plain values.
    public init(revision: String, age: Duration, author: String, subject: String, result: String, actions: [String]) {
        self.revision = revision
        self.age = age
        self.author = author
        self.subject = subject
        self.result = result
        self.actions = actions
    }
}

/// `history`: one line per revision, newest first, and below it what the agent did.
public struct HistoryTable: Hashable, Sendable {
    /// The revisions, in the order they are printed.
    public let rows: [HistoryRow]

    /// A table of `rows`.
    public init(rows: [HistoryRow]) { self.rows = rows }

    /// The lines; each action stands on one of its own, indented, below its revision.
    public var text: String {
        let table = TextTable(
            headers: ["REVISION", "WHEN", "AUTHOR", "SUBJECT", "RESULT"],
            rows: rows.map { row in
                [
                    String(row.revision.prefix(7)), "\(Age(row.age)) ago", shortened(row.author, to: 18),
                    shortened(row.subject, to: 36), row.result,
                ]
            })
        let lines = table.text().split(separator: "\n")
        guard let header = lines.first else { return "" }
        let blocks = zip(lines.dropFirst(), rows).map { line, row in
            "\(line)\n" + row.actions.map { "  \($0.replacing("\n", with: "\n  "))\n" }.joined()
        }
        return "\(header)\n" + blocks.joined()
    }

    private func shortened(_ text: String, to limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }
}
