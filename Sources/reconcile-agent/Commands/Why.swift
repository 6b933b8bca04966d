import ArgumentParser
import Journal
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// `why POD`: why a Pod is what it is.
struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a Pod is what it is: who changed it, and what was done.",
        usage: "reconcile-agent why <pod> [-n <name>]",
        discussion: "Answers whether or not an agent is running, and for Pods that are gone.")

    @Argument(help: ArgumentHelp("The Pod's name.", valueName: "pod"))
    var pod: String

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let word = pod.split(separator: "/", maxSplits: 1).last.map(String.init) ?? pod
        let name = PodName(namespace: try namespace.name(), name: word)
        let paths = try node.readablePaths(for: "why")
        let journal = try JournalGlance(paths)
        let status = try await NodeGlance(paths).statuses().first { $0.accepted.name == name }
        let revisions = try await journal.revisions(limit: Int(Int32.max)).compactMap { item in
            if case .revision(let entry) = item { entry } else { nil }
        }
        let report = WhyReport(
            pod: name, status: status, revisions: revisions, history: try await journal.events(for: nil, of: name),
            now: .now())
        guard report.isKnown else {
            throw CommandFailure(
                .notFound, "nothing is known of \(name)", hint: "reconcile-agent get pods -A shows what there is")
        }
        write(standardOutput: report.text)
    }
}
