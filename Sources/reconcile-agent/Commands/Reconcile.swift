import ArgumentParser
import Foundation
import Linux
import Manifests
import NodeRuntime
import PodModel
import Reconciler

/// `reconcile [--once]`: makes this node run what a Git repository says.
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make this node run what a Git repository says, and keep it so.",
        usage: "reconcile-agent reconcile [--once [-o <format>]] --repo <url> [<options>]",
        discussion: """
            Runs until it is told to stop (SIGTERM, SIGINT). Pods go on running then, and
            the next agent takes them over as they are. With --drain they are stopped,
            each with its grace period, those of lower priority first, and the next agent
            starts them again; what must not run twice (restartPolicy: Never) has failed.

            With --once: one pass that ends when every Pod is healthy, when only Pods are
            missing that the node has no room for, or when --timeout is over.
            Exit codes: 0 converged, 2 usage or configuration, 3 source unreachable,
            5 invalid manifests, 7 an action failed, 8 not healthy by then.
            """)

    @Flag(help: "One pass, then exit; for CI.")
    var once = false

    @Flag(help: "Stop the Pods too when told to stop; for the shutdown of a machine.")
    var drain = false

    @Option(name: .short("o"), help: ArgumentHelp("How --once prints what it did.", valueName: "format"))
    var output: ReportFormat?

    @OptionGroup(title: "Source options") var source: SourceOptions
    @OptionGroup(title: "Image options") var images: ImageDirectoryOption
    @OptionGroup(title: "Image options") var collection: ImageCollectionOptions
    @OptionGroup(title: "Machine options") var eviction: EvictionOptions
    @OptionGroup(title: "Image options") var tags: TagOptions
    @OptionGroup(title: "Registry options") var registry: RegistryOptions
    @OptionGroup(title: "Machine options") var machine: MachineOptions
    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        if drain, once { throw ValidationError("--drain is for the agent that stays: --once leaves Pods running") }
        if output != nil, !once { throw ValidationError("--output is for --once: it prints what one pass did") }
    }

    func run() async throws {
        let source = try source.resolved()
        let paths = try node.paths()
        let imageDirectory = try images.resolved()
        let sources = try registry.resolved()
        let thresholds = try collection.resolved()
        _ = try eviction.resolved()
        _ = try tags.resolved()
        try requireRoot("reconcile")
        try raiseDescriptorLimit()
        let claim = try await NodeClaim.take(paths)
        defer { claim.noteEnd() }
        let before = try NodeIdentity.load(below: paths.stateDirectory)
        var identity = try machine.resolved(in: paths, before: before)
        identity.capacity.evictionHard = try eviction.text()
        if let before { try identity.requireSameMachine(as: before, in: paths) }
        let node = try await start(claim, as: identity, from: sources, before: before)
        do {
            let images = (imageDirectory.map(node.images), node.collector(thresholds))
            try await reconcile(on: node, following: source, images, paths, identity)
        } catch {
            await node.runtime.leave()
            throw error
        }
        await node.runtime.leave()
    }

    private func reconcile(
        on node: Node, following source: FollowedSource,
        _ images: (preloaded: PreloadedImages?, collector: ImageCollector), _ paths: NodePaths, _ identity: NodeIdentity
    ) async throws {
        guard once else { return try await stay(node, following: source, images.preloaded, images.collector) }
        let begun = ContinuousClock.now
        // First, so that no Pod waits for an image that lies ready; one that is written to all the time holds nobody up.
        let imported: Void? = try await untilTerminated { await images.preloaded?.load(atMost: source.timeout) }
        guard imported != nil else { throw CommandFailure(.actionFailed, "stopped before the pass was over") }
        let rest = max(.seconds(1), source.timeout - (.now - begun))
        let loop = try node.loop(following: source)
        let evictor = try node.evictor(below: try eviction.resolved(), collecting: images.collector, for: loop)
        await evictor.lookFirst()
        try await onePass(of: loop, timeout: rest, paths, identity)
    }

    /// Follows the repository until a signal ends it, and keeps the service manager informed if there is one.
    private func stay(
        _ node: Node, following source: FollowedSource, _ preloaded: PreloadedImages?, _ collector: ImageCollector
    ) async throws {
        let environment = ManagerEnvironment(ProcessInfo.processInfo.environment, process: currentProcess())
        let loop = try node.loop(
            following: source, board: node.board(following: source, manager: environment.manager))
        let evictor = try node.evictor(below: try eviction.resolved(), collecting: collector, for: loop)
        _ = try await untilTerminated {
            // Ends with the loop: it is cancelled where this block ends.
            async let _ = preloaded?.follow()
            async let _ = node.followWishes(for: loop)
            async let _ = collector.follow()
            async let _ = evictor.run()
            async let _ = node.runtime.followTags(every: try tags.resolved())
            await preloaded?.firstPass(atMost: .seconds(30))
            await evictor.lookFirst()
            try await environment.run(loop, log: node.log)
        }
        if drain { try await node.drain().run() }
    }

    /// Stores the identity before the machine is touched, so that `down` finds what was made; one that is refused is not
    /// kept.
    private func start(
        _ claim: NodeClaim, as identity: NodeIdentity, from sources: ImageSources, before: NodeIdentity?
    ) async throws -> Node {
        let state = claim.paths.stateDirectory
        try identity.save(below: state)
        do {
            return try await Node.start(claim, as: identity, from: sources, under: try identity.policy())
        } catch let refusal {
            if let before { try before.save(below: state) } else { try NodeIdentity.erase(below: state) }
            throw refusal
        }
    }

    private func onePass(
        of loop: ReconcileLoop, timeout: Duration, _ paths: NodePaths, _ identity: NodeIdentity
    ) async throws {
        guard let summary = try await untilTerminated({ try await loop.once(timeout: timeout) }) else {
            throw CommandFailure(.actionFailed, "stopped before the pass was over")
        }
        let report = PassReport(summary)
        switch output ?? .text {
        case .text: write(standardOutput: report.text)
        case .json: write(standardOutput: PassObject(summary).json.pretty + "\n")
        }
        write(standardError: report.errors)
        if summary.pods.contains(where: { $0.failure?.reason == "FailedCreatePodSandBox" }) {
            for problem in await Examination.problems(paths, cgroupParent: identity.cgroupParent) {
                write(standardError: "  hint: \(problem.sentence)\n")
            }
        }
        throw ExitCode(summary.outcome.exitCode)
    }
}
