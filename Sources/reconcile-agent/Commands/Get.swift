import ArgumentParser
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// `get pods [NAME...]`: what this node runs, and what that uses.
struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Pods, ConfigMaps, Secrets or namespaces: all, or some by name or label.",
        usage: """
            reconcile-agent get pods [-A | -n <name>] [-l <labels>] [-w]
            reconcile-agent get pod <name> ... [-n <name>] [-o <format>]
            reconcile-agent get configmaps|secrets [<name> ...] [-A | -n <name>]
            reconcile-agent get namespaces
            """,
        discussion: """
            Answers whether or not an agent is running. When none is, standard error says
            since when. Short forms are kubectl's: po, cm, ns, pod/NAME.
            Secrets are printed as kubectl prints them: -o yaml and json show their data.
            """)

    @Argument(help: ArgumentHelp("A kind, and names if not all; or KIND/NAME.", valueName: "resource"))
    var resources: [String] = []

    @Flag(name: [.customShort("A"), .long], help: "Of all namespaces.")
    var allNamespaces = false

    @Option(
        name: .short("l"),
        help: ArgumentHelp("Only those with such labels: app=web,!old.", valueName: "labels"))
    var selector: LabelSelector?

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: OutputFormat = .text

    @Flag(name: .shortAndLong, help: "Go on with a line for each change, until stopped.")
    var watch = false

    @Flag(help: "With --watch: say what happened first.")
    var outputWatchEvents = false

    @Flag(help: "Show labels in the last column.")
    var showLabels = false

    @Flag(help: "Print no headers.")
    var noHeaders = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let wanted = try ResourceSelection(
            words: resources, namespace: allNamespaces ? nil : try namespace.name(), labels: selector)
        if watch, wanted.kind != .pods || wanted.names.count > 1 {
            throw CommandFailure(.usage, "only Pods can be watched: all of them, or one by name")
        }
        let paths = try node.readablePaths(for: "get")
        let glance = try NodeGlance(paths)
        if let unsupervised = try Unsupervised.look(at: paths), paths.holdPods {
            write(standardError: "\(unsupervised.notice(now: .now()))\n")
        }
        if watch { return try await goOn(with: glance, wanted) }
        switch wanted.kind {
        case .pods: try await showPods(of: glance, wanted)
        case .configMaps, .secrets: try showObjects(of: glance, wanted)
        case .namespaces: try await showNamespaces(of: glance, wanted)
        }
    }

    private func showPods(of glance: NodeGlance, _ wanted: ResourceSelection) async throws {
        let statuses = try await glance.statuses().filter(wanted.selects)
        if statuses.isEmpty, wanted.names.isEmpty, output.isTable {
            return write(standardError: noResourcesFound(inNamespace: wanted.namespace) + "\n")
        }
        if !statuses.isEmpty || wanted.names.isEmpty {
            write(
                standardOutput: printer(wanted).text(statuses, isSingle: wanted.names.count == 1, now: .now()))
        }
        try requireAll(of: wanted, in: statuses.map(\.accepted.name.name)) { wanted.words(forMissing: $0) }
    }

    private func showObjects(of glance: NodeGlance, _ wanted: ResourceSelection) throws {
        let objects = try glance.objects().filter(wanted.selects)
        if objects.isEmpty, wanted.names.isEmpty, output.isTable {
            return write(standardError: noResourcesFound(inNamespace: wanted.namespace) + "\n")
        }
        if !objects.isEmpty || wanted.names.isEmpty {
            let printer = ObjectPrinter(
                objects: objects, kind: wanted.kind, withNamespace: wanted.namespace == nil, withLabels: showLabels)
            write(
                standardOutput: printer.text(
                    as: output, withHeaders: !noHeaders, isSingle: wanted.names.count == 1, now: .now()))
        }
        try requireAll(of: wanted, in: objects.map(\.name.name)) { wanted.words(forMissing: $0) }
    }

    private func showNamespaces(of glance: NodeGlance, _ wanted: ResourceSelection) async throws {
        let namespaces = NamespacePrinter(
            of: try await glance.statuses(), defined: try glance.objects(), named: wanted.names)
        if !namespaces.names.isEmpty {
            write(
                standardOutput: namespaces.text(
                    as: output, withHeaders: !noHeaders, isSingle: wanted.names.count == 1, now: .now()))
        }
        try requireAll(of: wanted, in: namespaces.names) { wanted.words(forMissing: $0) }
    }

    /// What was found is shown; of each that was not, one line (kubectl).
    private func requireAll(
        of wanted: ResourceSelection, in found: [String], _ words: (String) -> String
    ) throws {
        let missing = wanted.names.filter { !found.contains($0) }
        guard let last = missing.last else { return }
        for name in missing.dropLast() { write(standardError: "error: \(words(name))\n") }
        throw CommandFailure(
            .notFound, words(last),
            hint:
                "reconcile-agent get \(wanted.kind.rawValue)\(wanted.kind == .namespaces ? "" : " -A") shows all of them"
        )
    }

    private func goOn(with glance: NodeGlance, _ wanted: ResourceSelection) async throws {
        _ = try await untilTerminated { [self] in
            var printer = printer(wanted)
            let shape = printer
            func show(_ event: PodWatch.Event, _ statuses: [PodStatus]) {
                write(standardOutput: printer.text(event, statuses, now: .now()))
            }
            try await PodWatch(glance, wanted) { shape.look(at: $0) }.run(
                first: { show(.added, $0) }, body: { show($0, [$1]) })
        }
    }

    private func printer(_ wanted: ResourceSelection) -> PodPrinter {
        PodPrinter(
            format: output, withNamespace: wanted.namespace == nil, withLabels: showLabels, withHeaders: !noHeaders,
            withEvents: outputWatchEvents)
    }
}

/// How `get` prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, wide, json, yaml, name

    /// Whether people read it.
    var isTable: Bool { self == .text || self == .wide }
}

extension LabelSelector: ExpressibleByArgument {
    /// `-l` as it was written.
    public init?(argument: String) { self.init(argument) }
}
