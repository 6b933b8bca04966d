import ArgumentParser
import Journal
import NodeRuntime
import PodModel
import Tables

/// `history`: who changed what when, and what the agent did.
struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show revisions, who made them, and what was done for each.",
        usage: "reconcile-agent history [-l <count>]",
        discussion: "Answers whether or not an agent is running.")

    @Option(name: .shortAndLong, help: ArgumentHelp("At most so many revisions, the newest.", valueName: "count"))
    var limit: Int = 20

    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let paths = try node.readablePaths(for: "history")
        let reader: JournalReader
        do {
            reader = try JournalReader(path: Node.journal(below: paths))
        } catch JournalError.missing {
            throw CommandFailure(
                .notFound, "there is no history in \(paths.stateDirectory)",
                hint: "it begins with the first reconcile; is --state-dir right?")
        }
        let revisions = try await reader.history(HistoryFilter(kinds: [.revision], limit: limit))
        let events = try await reader.history(
            HistoryFilter(kinds: [.plan, .action], limit: 1000), agentIsAlive: NodeClaim.holder(of: paths) != nil)
        write(standardOutput: HistoryPresentation(revisions: revisions, events: events, now: .now()).text)
    }
}
