import ArgumentParser
import Logging
import NodeRuntime
import PodModel
import Reconciler

/// `down`: ends every Pod of this node and gives back what they used of the machine.
struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End every Pod of this node, and leave nothing running.",
        usage: "reconcile-agent down [--timeout <time>]",
        discussion: """
            Pods get their grace period, and are killed when --timeout is over. Images and
            history stay; the accepted revision is forgotten. Refuses while an agent is
            running: it would start the Pods again.
            """)

    @Option(help: ArgumentHelp("How long Pods may take to end.", valueName: "time"))
    var timeout = TimeSpan(.seconds(60))

    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let paths = try node.paths()
        try requireRoot("down")
        guard var identity = try NodeIdentity.load(below: paths.stateDirectory) else {
            return write(standardError: "Nothing to end: no agent ever ran with \(paths.stateDirectory)\n")
        }
        try identity.with(paths).requireSameMachine(as: identity, in: paths)
        let claim = try await NodeClaim.take(paths)
        defer { claim.noteEnd() }
        // Nothing is begun any more that would need it.
        identity.forwards = false
        let node = try await Node.start(claim, as: identity, logging: .warning)
        try AcceptedFile(below: paths.stateDirectory).erase()
        let loop = try node.endingLoop()
        guard let summary = try await untilTerminated({ try await loop.once(timeout: timeout.duration) }) else {
            throw CommandFailure(.actionFailed, "stopped before every Pod had ended", hint: "run down again")
        }
        try PublishedStatus.erase(below: paths)
        try await node.runtime.tearDown()
        for result in summary.pods {
            let word = result.status == nil ? "deleted" : "killed and deleted"
            write(standardOutput: "pod \"\(result.pod.name)\" \(word) from \(result.pod.namespace) namespace\n")
        }
    }
}
