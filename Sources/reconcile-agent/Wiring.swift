import GitSource
import Glibc
import ImageStore
import Journal
import Linux
import Logging
import PodModel
import Reconciler

/// One node, put together from its parts: the only place that knows all of them.
struct Node: Sendable {
    /// What lives, and what is done.
    let runtime: any PodRuntime
    /// What this node is called.
    let name: String

    /// A node to look at: claims nothing, so that it answers beside a running agent.
    static func reading(_ directories: NodeDirectories) throws -> Node {
        guard let identity = try NodeIdentity.load(below: directories.state) else {
            throw CommandFailure(
                .notFound, "no agent ever ran with \(directories.state)",
                hint: "start one with reconcile, or name its --state-dir")
        }
        return Node(runtime: try runtime(as: identity, in: directories), name: identity.nodeName)
    }

    /// The loop that follows a repository. The state directory must be claimed.
    static func loop(
        following source: FollowedSource, as identity: NodeIdentity, in directories: NodeDirectories
    ) throws -> ReconcileLoop {
        let git = GitSource(
            remote: GitRemote(url: source.repository, ref: source.ref, path: source.path == "." ? "" : source.path),
            clone: "\(directories.state)/source", worker: worker("git"), timeout: source.timeout)
        return try loop(
            source: FollowedGit(git), store: AcceptedFile(below: directories.state), interval: source.interval,
            as: identity, in: directories)
    }

    /// The loop that ends every Pod. The state directory must be claimed.
    static func ending(as identity: NodeIdentity, in directories: NodeDirectories) throws -> ReconcileLoop {
        try loop(
            source: EmptySource(at: .now()), store: ForgetfulStore(), interval: .seconds(60), as: identity,
            in: directories)
    }

    /// The node's images.
    static func images(in directories: NodeDirectories) -> ImageStore {
        ImageStore(root: "\(directories.state)/images", worker: worker("unpack"))
    }

    /// Where the history is kept.
    static func journalPath(in directories: NodeDirectories) -> String { "\(directories.state)/journal.sqlite" }

    private static func loop(
        source: any Source, store: any AcceptedStore, interval: Duration, as identity: NodeIdentity,
        in directories: NodeDirectories
    ) throws -> ReconcileLoop {
        let log = Logger(label: "reconcile-agent") { _ in EventLog() }
        return ReconcileLoop(
            runtime: try runtime(as: identity, in: directories), source: source, store: store,
            history: try Journal(path: journalPath(in: directories), now: .now(), log: log), clock: try MachineClock(),
            random: SystemRandomNumberGenerator(),
            configuration: LoopConfiguration(nodeName: identity.nodeName, interval: interval), log: log)
    }

    /// This program again, as a worker.
    private static func worker(_ kind: String) -> WorkerCommand {
        WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", kind])
    }
}

extension Node {
    /// The status of every Pod, sorted by namespace and name.
    func statuses() async throws -> [PodStatus] {
        let now = try Moment.now()
        return try await runtime.observe().map { PodStatus($0, nodeName: name, now: now) }
            .sorted { $0.accepted.name < $1.accepted.name }
    }

    /// A Pod by name; of several, for a moment during a replacement, the one that is not ending.
    ///
    /// - Throws: `CommandFailure` when there is none.
    func pod(named name: PodName) async throws -> ObservedPod {
        let found = try await runtime.observe().filter { $0.record.accepted.name == name }
        guard let pod = found.first(where: { $0.record.deletion == nil }) ?? found.first else {
            throw CommandFailure(
                .notFound, "pods \"\(name.name)\" not found in namespace \"\(name.namespace)\"",
                hint: "reconcile-agent get pods -A shows all of them")
        }
        return pod
    }
}

/// - Throws: `CommandFailure` (usage) when this is not root.
func requireRoot(_ verb: String) throws {
    if geteuid() == 0 { return }
    throw CommandFailure(
        .usage, "\(verb) must run as root: files of root, namespaces and links are its work",
        hint: "sudo reconcile-agent \(verb) …")
}
