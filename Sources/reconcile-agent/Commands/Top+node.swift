import ArgumentParser
import Manifests
import NodeRuntime
import PodModel
import Tables

/// `top node`.
struct TopNode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Show what this node uses of its processors and memory.",
        usage: "reconcile-agent top node [--show-capacity] [-o json]",
        discussion: """
            All that runs on the machine, the Pods and the rest, as part of what Pods may
            request: with what is reserved, that may be more than 100%. CPU is an average
            over --window; MEMORY is what cannot simply be taken back.
            """,
        aliases: ["nodes", "no"])

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: ReportFormat = .text

    @Flag(help: "Print no headers.")
    var noHeaders = false

    @Flag(help: "As part of what the machine has.")
    var showCapacity = false

    @Option(help: ArgumentHelp("How long to look at the processors.", valueName: "time"))
    var window = TimeSpan(.seconds(1))

    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        try requireWindow(window)
        let glance = try NodeGlance(node.readablePaths(for: "top"))
        let first = try NodeReading.now()
        try await Task.sleep(for: window.duration)
        let last = try NodeReading.now()
        let usage = Usage(
            nanoCPU: Usage.rate(last.cpu - first.cpu, within: last.at - first.at), memory: last.workingSet)
        switch output {
        case .text:
            let whole = showCapacity ? glance.capacity : glance.allocatable
            let table = NodeUsageTable(
                node: glance.nodeName, usage: usage, milliCPU: whole.cpu.count, memory: whole.memory.count)
            write(standardOutput: table.text(withHeaders: !noHeaders))
        case .json:
            write(
                standardOutput: UsageObject.node(glance.nodeName, usage, at: .now(), window: window.duration).pretty
                    + "\n")
        }
    }
}
