import ArgumentParser
import Manifests
import NodeRuntime
import PodModel
import Tables

/// `top pods [NAME]`.
struct TopPods: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pods", abstract: "Show what Pods use of processors and memory.",
        usage: """
            reconcile-agent top pods [-A | -n <name>] [-l <labels>] [--containers]
            reconcile-agent top pod <name> [-n <name>] [--containers]
            """,
        discussion: """
            CPU(cores) is an average over --window, in thousandths of a processor; MEMORY
            is what cannot simply be taken back (the kubelet's working set), in MiB.
            -o wide adds processes and threads, restarts, and the bytes received and sent
            since the Pod's network was made; Pods on the node's network have none.
            Pods of which nothing runs are left out, as kubectl does.
            """,
        aliases: ["pod", "po"])

    @Argument(help: ArgumentHelp("One Pod; all if none is named.", valueName: "name"))
    var name: String?

    @Flag(name: [.customShort("A"), .long], help: "Of all namespaces.")
    var allNamespaces = false

    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp("Only those with such labels: app=web,!old.", valueName: "labels"))
    var selector: LabelSelector?

    @Flag(help: "A line for each container.")
    var containers = false

    @Option(help: ArgumentHelp("The most first: cpu or memory.", valueName: "resource"))
    var sortBy: PodUsageTable.Order?

    @Flag(help: "All of them together in a last line.")
    var sum = false

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: UsageFormat = .text

    @Flag(help: "Print no headers.")
    var noHeaders = false

    @Option(help: ArgumentHelp("How long to look at the processors.", valueName: "time"))
    var window = TimeSpan(.seconds(1))

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        try requireWindow(window)
        let namespace = allNamespaces ? nil : try namespace.name()
        let wanted = try ResourceSelection(
            words: ["pods"] + (name.map { [$0] } ?? []), namespace: namespace, labels: selector)
        let paths = try node.readablePaths(for: "top")
        let glance = try NodeGlance(paths)
        if let unsupervised = try Unsupervised.look(at: paths), paths.holdPods {
            write(standardError: "\(unsupervised.notice(now: .now()))\n")
        }
        let sample = try await UsageSample.take(of: glance, wanted, window: window.duration)
        if sample.pods.isEmpty, let name {
            throw CommandFailure(
                .notFound,
                try await glance.statuses().contains { wanted.selects($0) }
                    ? "nothing of Pod \(name) is running" : wanted.words(forMissing: name),
                hint: "reconcile-agent get pods -A shows all of them")
        }
        if sample.pods.isEmpty, output != .json {
            return write(standardError: noResourcesFound(inNamespace: namespace) + "\n")
        }
        switch output {
        case .text, .wide:
            let table = PodUsageTable(
                rows: sample.rows, by: sortBy, withNamespace: allNamespaces, withContainers: containers,
                isWide: output == .wide, withSum: sum)
            write(standardOutput: table.text(withHeaders: !noHeaders))
        case .json: write(standardOutput: UsageObject.pods(sample, isSingle: name != nil).pretty + "\n")
        }
    }
}

/// How `top` prints.
enum UsageFormat: String, ExpressibleByArgument, CaseIterable {
    case text, wide, json
}

extension PodUsageTable.Order: ExpressibleByArgument {}

/// A window too short for the kernel's counters says nothing.
func requireWindow(_ window: TimeSpan) throws {
    if window.duration >= .milliseconds(100), window.duration <= .seconds(3600) { return }
    throw CommandFailure(.usage, "--window is from 100ms to 1h", hint: "leave it out for a second")
}
