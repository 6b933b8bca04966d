import ArgumentParser
import Journal
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// `describe pod [NAME]`: everything about Pods on one page each.
struct Describe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Pods in full, with what happened to them.",
        usage: """
            reconcile-agent describe pod <name> [-n <name>]
            reconcile-agent describe pods [-A | -n <name>]
            """,
        discussion: """
            Several Pods are shown when only the beginning of a name is given, or none.
            Answers whether or not an agent is running. Times are UTC.
            """)

    @Argument(help: ArgumentHelp("What to show: pods, or pod/NAME.", valueName: "kind"))
    var kind: String

    @Argument(help: ArgumentHelp("The Pod's name, or how it begins.", valueName: "name"))
    var name: String?

    @Flag(name: [.customShort("A"), .long], help: "Pods of all namespaces.")
    var allNamespaces = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let wanted = try ResourceSelection(
            words: [kind] + (name.map { [$0] } ?? []), namespace: allNamespaces ? nil : try namespace.name(),
            labels: nil)
        guard wanted.kind == .pods else {
            throw CommandFailure(
                .usage, "only Pods can be described",
                hint: "reconcile-agent get \(wanted.kind.rawValue) -o yaml shows the rest")
        }
        let paths = try node.readablePaths(for: "describe")
        let statuses = try await NodeGlance(paths).statuses()
        let chosen = wanted.describable(of: statuses)
        if let name = wanted.names.first, chosen.isEmpty {
            throw CommandFailure(
                .notFound, "pods \"\(name)\" not found\(wanted.namespace.map { " in namespace \"\($0)\"" } ?? "")",
                hint: "reconcile-agent get pods -A shows all of them")
        }
        if chosen.isEmpty { return write(standardError: noResourcesFound(inNamespace: wanted.namespace) + "\n") }
        if let unsupervised = try Unsupervised.look(at: paths) {
            write(standardError: "\(unsupervised.notice(now: .now()))\n")
        }
        let pages = try await pages(of: chosen, below: paths)
        write(standardOutput: pages.joined(separator: "\n\n"))
    }

    private func pages(of statuses: [PodStatus], below paths: NodePaths) async throws -> [String] {
        // A history that is missing or damaged must not hide the Pod.
        let journal: JournalGlance?
        do { journal = try JournalGlance(paths) } catch {
            write(standardError: "notice: events cannot be shown: \(error)\n")
            journal = nil
        }
        var pages: [String] = []
        for status in statuses {
            let events = try await journal?.happenings(EventFilter(uid: status.accepted.uid))
            pages.append(
                PodDescription(PodObject.json(status), events: events, source: EventObject.source, now: .now()).text)
        }
        return pages
    }
}

extension ResourceSelection {
    /// The Pods a name stands for: the one that bears it, else all whose names begin so (kubectl describe).
    func describable(of statuses: [PodStatus]) -> [PodStatus] {
        let exact = statuses.filter(selects)
        guard let name = names.first, exact.isEmpty else { return exact }
        return statuses.filter { status in
            let pod = status.accepted.name
            return (namespace.map { $0 == pod.namespace } ?? true) && pod.name.hasPrefix(name)
        }
    }
}
