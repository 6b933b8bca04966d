import ArgumentParser
import Linux
import NodeRuntime
import PodModel
import Reconciler

/// `logs NAME`: what a container wrote to its standard output and standard error.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a container wrote.",
        usage: "reconcile-agent logs [-f] [-p] [-c <container>] <pod> [-n <name>]",
        discussion: "Answers whether or not an agent is running.")

    @Argument(help: ArgumentHelp("The Pod's name.", valueName: "pod"))
    var pod: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The container; by default the first one.", valueName: "name"))
    var container: String?

    @Flag(name: .shortAndLong, help: "Go on as long as the container runs.")
    var follow = false

    @Flag(name: .shortAndLong, help: "The instance before the last restart.")
    var previous = false

    @Option(help: ArgumentHelp("Only so many lines from the end; -1 for all.", valueName: "lines"))
    var tail: Int = -1

    @Flag(help: "Begin each line with its time.")
    var timestamps = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let paths = try node.readablePaths(for: "logs")
        let node = try NodeGlance(paths)
        let observed = try await node.pod(named: PodName(namespace: try namespace.name(), name: podName(pod)))
        let choice = try ContainerChoice(container, of: observed.record.accepted.pod)
        if let notice = choice.notice { write(standardError: notice + "\n") }

        let instance = try LogInstance(of: choice.name, in: observed, isPrevious: previous)
        let path = instance.path(in: paths)
        let (uid, name, isPrevious) = (observed.uid, choice.name, previous)
        do {
            try await ContainerLog(path: path).read(.init(tail: tail < 0 ? nil : tail, follows: follow)) {
                guard !isPrevious, let pod = try await node.view.observe(uid) else { return false }
                return pod.containers[name].isRunning(instance.id)
            } body: { entries in
                write(standardOutput: entries.flatMap { $0.bytes(withTimestamp: timestamps) })
            }
        } catch let error as SystemError where error.code == 2 {
            throw CommandFailure(.notFound, "the log of container \(name) is not there: \(path)")
        }
    }
}

/// One instance of a container whose log can be read.
struct LogInstance: Hashable, Sendable {
    /// The instance; nil when it is one of the past.
    let id: ContainerID?
    private let pod: PodName
    private let uid: PodUID
    private let container: String
    private let attempt: Int

    /// Chooses as kubectl does: the newest instance, or the one before when the newest has not started yet.
    ///
    /// - Throws: `CommandFailure` when there is no such instance.
    init(of container: String, in observed: ObservedPod, isPrevious: Bool) throws {
        let record = observed.record.containers[container]
        pod = observed.record.accepted.name
        uid = observed.uid
        self.container = container
        let attempt = record?.attempt ?? 0
        if isPrevious {
            guard attempt > 0 else {
                throw CommandFailure(
                    .notFound, "previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
            }
            (id, self.attempt) = (nil, attempt - 1)
        } else if record?.startedAt != nil || record?.lastExit != nil {
            (id, self.attempt) = (record?.id, attempt)
        } else if attempt > 0 {
            (id, self.attempt) = (nil, attempt - 1)
        } else {
            let reason = record?.waiting?.reason ?? "ContainerCreating"
            throw CommandFailure(
                .notFound, "container \"\(container)\" in pod \"\(pod.name)\" is waiting to start: \(reason)",
                hint: record?.waiting?.message)
        }
    }

    /// The file that its logger writes.
    func path(in paths: NodePaths) -> String { paths.log(of: container, attempt: attempt, in: pod, uid) }
}

extension ObservedContainer? {
    /// Whether this instance runs.
    fileprivate func isRunning(_ id: ContainerID?) -> Bool {
        if case .running(let running, _) = self { running == id } else { false }
    }
}

/// A Pod's name, from `NAME` or `pod/NAME`.
func podName(_ argument: String) -> String {
    for kind in ["pod/", "pods/", "po/"] where argument.hasPrefix(kind) {
        return String(argument.dropFirst(kind.count))
    }
    return argument
}
