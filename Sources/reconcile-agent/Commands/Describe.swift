import ArgumentParser
import Journal
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// `describe pod [NAME]`: everything about Pods, ConfigMaps or Secrets on one page each.
struct Describe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Pods in full, with what happened to them; ConfigMaps and Secrets too.",
        usage: """
            reconcile-agent describe pod <name> [-n <name>]
            reconcile-agent describe pods [-A | -n <name>]
            reconcile-agent describe configmap|secret [<name>] [-A | -n <name>]
            """,
        discussion: """
            Several are shown when only the beginning of a name is given, or none.
            Of Secrets no value is shown, only how long it is.
            Answers whether or not an agent is running. Times are UTC.
            """)

    @Argument(help: ArgumentHelp("What to show: pods, configmaps, secrets, or pod/NAME.", valueName: "kind"))
    var kind: String

    @Argument(help: ArgumentHelp("The name, or how it begins.", valueName: "name"))
    var name: String?

    @Flag(name: [.customShort("A"), .long], help: "Those of all namespaces.")
    var allNamespaces = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let wanted = try ResourceSelection(
            words: [kind] + (name.map { [$0] } ?? []), namespace: allNamespaces ? nil : try namespace.name(),
            labels: nil)
        if wanted.kind == .namespaces {
            throw CommandFailure(
                .usage, "namespaces cannot be described", hint: "reconcile-agent get namespaces -o yaml shows them")
        }
        let paths = try node.readablePaths(for: "describe")
        if wanted.kind == .pods { return try await describePods(wanted, below: paths) }
        try describeObjects(wanted, below: paths)
    }

    private func describeObjects(_ wanted: ResourceSelection, below paths: NodePaths) throws {
        let chosen = wanted.describable(of: try NodeGlance(paths).objects())
        if let name = wanted.names.first, chosen.isEmpty { throw missing(name, wanted) }
        if chosen.isEmpty { return write(standardError: noResourcesFound(inNamespace: wanted.namespace) + "\n") }
        let pages = chosen.compactMap { accepted in
            switch accepted.object {
            case .configMap(let map): ObjectDescription(map).text
            case .secret(let secret): ObjectDescription(secret).text
            case .namespace: nil as String?
            }
        }
        write(standardOutput: pages.joined(separator: "\n\n"))
    }

    private func missing(_ name: String, _ wanted: ResourceSelection) -> CommandFailure {
        CommandFailure(
            .notFound, wanted.words(forMissing: name),
            hint: "reconcile-agent get \(wanted.kind.rawValue) -A shows all of them")
    }

    private func describePods(_ wanted: ResourceSelection, below paths: NodePaths) async throws {
        let statuses = try await NodeGlance(paths).statuses()
        let chosen = wanted.describable(of: statuses)
        if let name = wanted.names.first, chosen.isEmpty { throw missing(name, wanted) }
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
    /// The objects a name stands for, likewise.
    func describable(of objects: [AcceptedObject]) -> [AcceptedObject] {
        let exact = objects.filter(selects)
        guard let name = names.first, exact.isEmpty else { return exact }
        return objects.filter { object in
            object.name.kind == kind.accepted && (namespace.map { $0 == object.name.namespace } ?? true)
                && object.name.name.hasPrefix(name)
        }
    }

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
