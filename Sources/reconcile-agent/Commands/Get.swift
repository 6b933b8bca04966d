import ArgumentParser
import PodModel
import Reconciler
import Tables

/// `get pods [NAME]`: what this node runs.
struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Pods: all of a namespace, or one by name.",
        usage: """
            reconcile-agent get pods [-A | -n <name>] [-o <format>]
            reconcile-agent get pod <name> [-n <name>] [-o <format>]
            """,
        discussion: """
            Answers whether or not an agent is running. When none is, standard error says
            since when.
            """)

    @Argument(help: ArgumentHelp("What to show: pods, or pod/NAME.", valueName: "kind"))
    var kind: String

    @Argument(help: ArgumentHelp("The Pod's name; all of them without it.", valueName: "name"))
    var name: String?

    @Flag(name: [.customShort("A"), .long], help: "Pods of all namespaces.")
    var allNamespaces = false

    @Option(name: .shortAndLong, help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: OutputFormat = .text

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let wanted = try PodSelection(
            kind: kind, name: name, namespace: allNamespaces ? nil : try namespace.name())
        let paths = try node.readablePaths(for: "get")
        let statuses = wanted.select(from: try await NodeGlance(paths).statuses())
        if let name = wanted.name, statuses.isEmpty {
            throw CommandFailure(
                .notFound, "pods \"\(name)\" not found\(wanted.namespace.map { " in namespace \"\($0)\"" } ?? "")",
                hint: "reconcile-agent get pods -A shows all of them")
        }
        if statuses.isEmpty, output == .text || output == .wide {
            return write(standardError: noResourcesFound(inNamespace: wanted.namespace) + "\n")
        }
        if let unsupervised = try Unsupervised.look(at: paths), !statuses.isEmpty {
            write(standardError: "\(unsupervised.notice(now: .now()))\n")
        }
        write(standardOutput: PodPresentation(statuses: statuses, selection: wanted).text(as: output, now: .now()))
    }
}

/// How `get` prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, wide, json, yaml, name
}

/// Which Pods were asked for.
struct PodSelection: Hashable, Sendable {
    /// One Pod; nil for all.
    let name: String?
    /// One namespace; nil for all.
    let namespace: String?

    /// Reads `pods`, `pod NAME` or `pod/NAME`, as kubectl does.
    init(kind: String, name: String?, namespace: String?) throws {
        let parts = kind.split(separator: "/", maxSplits: 1).map(String.init)
        guard let word = parts.first, ["pod", "pods", "po"].contains(word) else {
            throw CommandFailure(
                .usage, "there is no kind '\(kind)' here", hint: "this node runs Pods: reconcile-agent get pods")
        }
        if parts.count == 2, name != nil {
            throw CommandFailure(.usage, "'\(kind)' names a Pod already", hint: "reconcile-agent get \(kind)")
        }
        self.name = parts.count == 2 ? parts[1] : name
        self.namespace = namespace
        if self.name != nil, namespace == nil {
            throw CommandFailure(.usage, "a Pod cannot be found by name across all namespaces", hint: "use -n instead")
        }
    }

    func select(from statuses: [PodStatus]) -> [PodStatus] {
        statuses.filter { status in
            let pod = status.accepted.name
            return (namespace.map { $0 == pod.namespace } ?? true) && (name.map { $0 == pod.name } ?? true)
        }
    }
}
