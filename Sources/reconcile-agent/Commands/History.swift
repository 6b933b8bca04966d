import ArgumentParser
import Journal
import Manifests
import NodeRuntime
import PodModel

/// `history [show REV]`: who changed what when, and what the agent did.
struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show revisions, who made them, and what was done for each.",
        usage: """
            reconcile-agent history [-l <count>] [-o <format>]
            reconcile-agent history show <revision> [-o <format>]
            """,
        discussion: "Answers whether or not an agent is running.", subcommands: [HistoryShow.self])

    @Option(help: ArgumentHelp("At most so many revisions, the newest.", valueName: "count"))
    var limit: Int = 20

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: ReportFormat = .text

    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let journal = try JournalGlance(node.readablePaths(for: "history"))
        let revisions = try await journal.revisions(limit: limit)
        let chapters = HistoryChapter.chapters(revisions, try await journal.events(for: nil))
        let lost = try await journal.lost()
        switch output {
        case .text:
            for lines in lost { write(standardError: "\(lines.notice)\n") }
            write(standardOutput: HistoryPresentation(chapters: chapters, now: .now()).text)
        case .json: write(standardOutput: HistoryObject(chapters: chapters, lost: lost).json.pretty + "\n")
        }
    }
}

/// `history show REV`: everything that was done for one revision.
struct HistoryShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show every action for one revision, how it ended and how long it took.",
        usage: "reconcile-agent history show <revision> [-o <format>]",
        discussion: "A revision that was seen more than once is shown once for each time, the newest first.")

    @Argument(help: ArgumentHelp("The revision, or how it begins; or 'down'.", valueName: "revision"))
    var revision: String

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: ReportFormat = .text

    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let journal = try JournalGlance(node.readablePaths(for: "history"))
        let revisions = try await journal.revisions(limit: Int(Int32.max))
        let wanted = try RevisionChoice(revision, of: revisions.compactMap(\.revision)).revision
        let chapters = HistoryChapter.chapters(
            revisions.filter { $0.revision == wanted }, try await journal.events(for: wanted))
        let now = WallTime.now()
        switch output {
        case .text:
            write(
                standardOutput: chapters.map { ChapterPresentation(chapter: $0, now: now).text }.joined(separator: "\n")
            )
        case .json: write(standardOutput: HistoryObject(chapters: chapters, lost: []).json.pretty + "\n")
        }
    }
}

extension LostLines {
    /// One line for a person.
    fileprivate var notice: String {
        "notice: \(count) lines of history are missing, from \(at.rfc3339) on: \(reason)"
    }
}

extension HistoryItem {
    /// The revision whose line this is; nil of plans and actions.
    fileprivate var revision: RevisionID? {
        if case .revision(let entry) = self { entry.revision } else { nil }
    }
}
