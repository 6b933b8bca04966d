import ArgumentParser
import Linux
import Manifests
import NodeRuntime
import PodModel
import Reconciler

/// `logs NAME`: what a container wrote to its standard output and standard error.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a container wrote.",
        usage: """
            reconcile-agent logs [-f] [-p] [-c <container>] <pod> [-n <name>]
            reconcile-agent logs --all-containers [--prefix] [-f] <pod> [-n <name>]
            """,
        discussion: "Answers whether or not an agent is running.")

    @Argument(help: ArgumentHelp("The Pod's name.", valueName: "pod"))
    var pod: String

    @Option(name: .short("c"), help: ArgumentHelp("The container; by default the first one.", valueName: "name"))
    var container: String?

    @Flag(help: "Every container of the Pod.")
    var allContainers = false

    @Flag(name: .shortAndLong, help: "Go on as long as the container runs.")
    var follow = false

    @Flag(name: .shortAndLong, help: "The instance before the last restart.")
    var previous = false

    @Option(help: ArgumentHelp("Only so many lines from the end; -1 for all.", valueName: "lines"))
    var tail: Int = -1

    @Option(help: ArgumentHelp("Only what is younger: 5s, 2m, 3h.", valueName: "time"))
    var since: TimeSpan?

    @Option(help: ArgumentHelp("Only what was written after: 2026-11-23T18:09:29Z.", valueName: "date"))
    var sinceTime: WallTime?

    @Flag(help: "Begin each line with its time.")
    var timestamps = false

    @Flag(help: "Begin each line with its Pod and container.")
    var prefix = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        if since != nil, sinceTime != nil {
            throw ValidationError("at most one of `sinceTime` or `sinceSeconds` may be specified")
        }
        if allContainers, container != nil {
            throw ValidationError(
                "--all-containers=true should not be specified with container name \(container ?? "")")
        }
        if tail < -1 { throw ValidationError("--tail must be greater than or equal to -1") }
    }

    func run() async throws {
        let paths = try node.readablePaths(for: "logs")
        let glance = try NodeGlance(paths)
        let observed = try await glance.pod(named: PodName(namespace: try namespace.name(), name: podName(pod)))
        let printer = LogPrinter(
            since: since.map { .now() + (.zero - $0.duration) } ?? sinceTime, withTimestamps: timestamps,
            withPrefix: prefix, selection: .init(tail: tail < 0 ? nil : tail, follows: follow), node: glance,
            paths: paths)
        let instances = try containers(of: observed.record.accepted.pod).map {
            try LogInstance(of: $0, in: observed, isPrevious: previous)
        }
        if follow {
            try await withThrowingTaskGroup { group in
                for instance in instances { group.addTask { try await printer.print(instance, of: observed.uid) } }
                try await group.waitForAll()
            }
        } else {
            for instance in instances { try await printer.print(instance, of: observed.uid) }
        }
    }

    private func containers(of pod: Pod) throws -> [String] {
        if allContainers { return pod.spec.allContainers.map(\.name) }
        let choice = try ContainerChoice(container, of: pod)
        if let notice = choice.notice { write(standardError: notice + "\n") }
        return [choice.name]
    }
}

extension WallTime: ExpressibleByArgument {
    /// A date as RFC 3339 writes it.
    public init?(argument: String) { self.init(rfc3339: argument) }
}

/// A Pod's name, from `NAME` or `pod/NAME`.
func podName(_ argument: String) -> String {
    for kind in ["pod/", "pods/", "po/"] where argument.hasPrefix(kind) {
        return String(argument.dropFirst(kind.count))
    }
    return argument
}
