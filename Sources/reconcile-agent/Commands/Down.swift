import ArgumentParser
import PodModel
import Reconciler

/// `down`: ends every Pod of this node and gives back what they used of the machine.
struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End every Pod of this node, and leave nothing running.",
        usage: "reconcile-agent down [--timeout <time>]",
        discussion: """
            Images and history stay; the accepted revision is forgotten. Refuses while an
            agent is running: it would start the Pods again.
            """)

    @Option(help: ArgumentHelp("How long Pods may take to end. (default: 1m)", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let directories = try node.directories()
        let timeout = try setting(timeout, "timeout", default: TimeSpan(.seconds(60))).duration
        try requireRoot("down")
        try await StateDirectory.claim(directories) {
            guard let identity = try NodeIdentity.load(below: directories.state) else {
                return write(standardError: "Nothing to end: no agent ever ran with \(directories.state)\n")
            }
            try AcceptedFile(below: directories.state).erase()
            try await end(Node.ending(as: identity, in: directories), timeout: timeout)
            try await Node.clear(identity, in: directories)
        }
    }

    private func end(_ loop: ReconcileLoop, timeout: Duration) async throws {
        guard let summary = try await untilTerminated({ try await loop.once(timeout: timeout) }) else {
            throw CommandFailure(.actionFailed, "stopped before every Pod had ended", hint: "run down again")
        }
        for result in summary.pods where result.status == nil {
            write(standardOutput: "pod \"\(result.pod.name)\" deleted from \(result.pod.namespace) namespace\n")
        }
        let left = summary.pods.filter { $0.status != nil }
        guard left.isEmpty else {
            write(standardError: PassReport(summary).errors)
            throw CommandFailure(
                .actionFailed, "these Pods have not ended: \(left.map(\.pod.description).joined(separator: ", "))",
                hint: "run down again")
        }
    }
}
