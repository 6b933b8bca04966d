import GitSource
import ImageStore
import Journal
import Linux
import Logging
import Manifests
import NodeRuntime
import PodModel
import Reconciler

/// A node that this process runs, put together from its parts: the only place that knows all of them.
struct Node: Sendable {
    /// What carries out decisions. It holds the claim to the node's directories.
    let runtime: NodeRuntime
    private let identity: NodeIdentity
    private let policy: NodePolicy
    private let paths: NodePaths
    /// Where it tells what it does.
    let log: Logger

    /// Prepares the node and takes over what runs on it. The claim is the node's from here on.
    ///
    /// - Parameters:
    ///   - sources: where images come from that are not there; those of a node that only ends Pods do not matter.
    ///   - policy: what Pods may ask of the node; likewise.
    ///   - level: from which level on events go to standard error.
    /// - Throws: `CommandFailure` (usage) when something of the machine is in the way.
    static func start(
        _ claim: NodeClaim, as identity: NodeIdentity, from sources: ImageSources = ImageSources(),
        under policy: NodePolicy = NodePolicy(), logging level: Logger.Level = .info
    ) async throws -> Node {
        var log = Logger(label: "reconcile-agent") { _ in EventLog() }
        log.logLevel = level
        do {
            var configuration = try NodeConfiguration(
                nodeName: identity.nodeName, cgroupParent: identity.cgroupParent, bridge: identity.bridge,
                podCIDR: identity.podCIDR, executables: try installedExecutables())
            configuration.podPidsLimit = identity.capacity.podMaxPids
            configuration.allocatable = identity.capacity.allocatable(in: claim.paths)
            configuration.masquerades = identity.masquerades
            configuration.turnsForwardingOn = identity.forwards
            configuration.hostPaths = HostPathPolicy(policy)
            let runtime = try await NodeRuntime.start(
                claim, configuration, images: images(below: claim.paths), from: sources, log: log)
            return Node(runtime: runtime, identity: identity, policy: policy, paths: claim.paths, log: log)
        } catch let error where !(error is CancellationError || error is CommandFailure) {
            throw CommandFailure(.usage, "\(error)", hint: CgroupCheck.hint(for: error))
        }
    }

    /// The loop that follows a repository.
    ///
    /// - Parameter board: where it tells how it gets on.
    func loop(following source: FollowedSource, board: any StatusBoard = NoBoard()) throws -> ReconcileLoop {
        try loop(
            source: FollowedGit(Self.git(source, clone: Self.clone(below: paths)), log: log),
            store: AcceptedFile(below: paths.stateDirectory),
            LoopConfiguration(node: identity.profile(under: policy, in: paths), interval: source.interval),
            board: board)
    }

    /// The board of the agent that stays.
    func board(following source: FollowedSource, manager: NotifySocket?) -> AgentBoard {
        AgentBoard(
            paths, source: FollowedPlace(repository: source.repository, ref: source.ref, path: source.path),
            startedAt: .now(), manager: manager, log: log)
    }

    /// The images of a directory, to be imported into this node's.
    func images(of directory: String) -> PreloadedImages {
        PreloadedImages(directory: directory, store: Self.images(below: paths), log: log)
    }

    /// Does at once what `sync` asks for. That it cannot be asked keeps no Pod from running.
    func followWishes(for loop: ReconcileLoop) async {
        do { try await WishBox(below: paths).follow(loop) } catch {
            log.warning("sync cannot be asked for", metadata: ["error": "\(error)"])
        }
    }

    /// What ends everything that runs, and keeps the Pods.
    func drain() throws -> Drain {
        Drain(
            runtime: runtime, history: Journal(path: Self.journal(below: paths), now: .now(), log: log),
            clock: try MachineClock(), log: log)
    }

    /// What gives up this node's images when their disk fills up.
    func collector(_ thresholds: ImageCollector.Thresholds) -> ImageCollector {
        ImageCollector(paths, Self.images(below: paths), thresholds, log: log)
    }

    /// What keeps the node from running out, while a loop runs.
    func evictor(
        below thresholds: EvictionThresholds, collecting images: ImageCollector, for loop: ReconcileLoop
    ) throws -> Evictor {
        Evictor(
            NodeGauge(runtime: runtime, images: images), runtime, thresholds, telling: loop.ears,
            clock: try MachineClock(), log: log)
    }

    /// The loop that ends every Pod.
    func endingLoop() throws -> ReconcileLoop {
        try loop(
            source: EmptySource(at: .now()), store: ForgetfulStore(),
            LoopConfiguration(node: NodeIdentity.profile(named: identity.nodeName), endsNeedHistory: false))
    }

    private func loop(
        source: any Source, store: any AcceptedStore, _ configuration: LoopConfiguration,
        board: any StatusBoard = NoBoard()
    ) throws -> ReconcileLoop {
        ReconcileLoop(
            runtime: runtime, source: source, store: store,
            history: Journal(path: Self.journal(below: paths), now: .now(), log: log), clock: try MachineClock(),
            random: SystemRandomNumberGenerator(),
            configuration: configuration, board: board, log: log)
    }
}

extension Node {
    /// The node's images.
    static func images(below paths: NodePaths) -> ImageStore {
        ImageStore(root: "\(paths.stateDirectory)/images", worker: worker("unpack"))
    }

    /// Where the history is kept.
    static func journal(below paths: NodePaths) -> String { "\(paths.stateDirectory)/journal.sqlite" }

    /// A repository, and where its clone is.
    static func git(_ source: FollowedSource, clone: String) -> GitSource {
        GitSource(
            remote: GitRemote(
                url: source.repository, ref: source.ref, path: source.path == "." ? "" : source.path,
                access: source.access),
            clone: clone, worker: worker("git"), timeout: source.timeout)
    }

    /// Where the followed repository's clone is kept.
    static func clone(below paths: NodePaths) -> String { "\(paths.stateDirectory)/source" }

    /// This program again, as a worker.
    private static func worker(_ kind: String) -> WorkerCommand {
        WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", kind])
    }
}
