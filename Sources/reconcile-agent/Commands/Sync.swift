import ArgumentParser
import NodeRuntime
import PodModel
import Reconciler

/// `sync`: what the running agent would do sooner or later, now.
struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the agent look for a new revision now, or try a Pod again.",
        usage: """
            reconcile-agent sync
            reconcile-agent sync --pod <name> [-n <name>]
            """,
        discussion: """
            With --pod the back-off of the Pod's containers is forgotten: what crashed or
            could not be started is tried at once. Needs a running agent.
            """)

    @Option(help: ArgumentHelp("The Pod to try again.", valueName: "name"))
    var pod: String?

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let paths = try node.readablePaths(for: "sync")
        try requireRoot("sync")
        if let unsupervised = try Unsupervised.look(at: paths) {
            throw CommandFailure(
                .actionFailed, unsupervised.notice(now: .now()), hint: "start an agent: reconcile-agent reconcile")
        }
        var wish = Wish.sync
        var said = "the source is asked for a new revision"
        if let pod {
            let name = PodName(namespace: try namespace.name(), name: podName(pod))
            wish = .retry(try await NodeGlance(paths).pod(named: name).uid)
            said = "\(name) is tried again"
        }
        guard try await WishBox(below: paths).put(wish) else {
            throw CommandFailure(.actionFailed, "the agent does not answer", hint: "reconcile-agent status says more")
        }
        write(standardOutput: said + "\n")
    }
}
