import ArgumentParser
import Manifests
import NodeRuntime
import PodModel
import Reconciler

/// `status`: how the node is, on one screen.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how the node is, and what needs attention.",
        usage: "reconcile-agent status [-o <format>]",
        discussion: """
            Answers whether or not an agent is running. Exit codes: 0 nothing needs
            attention, 1 something does, 2 usage or configuration.
            """)

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: ReportFormat = .text

    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let report = try await StatusReport(node.readablePaths(for: "status"))
        switch output {
        case .text: write(standardOutput: report.text)
        case .json: write(standardOutput: StatusObject(report).json.pretty + "\n")
        }
        if !report.attention.isEmpty { throw ExitCode(ExitStatus.notFound.rawValue) }
    }
}

extension StatusReport {
    /// Looks at a node: at its directories, its Pods, and what its agent published.
    ///
    /// - Throws: `CommandFailure` when no agent ever ran with these directories.
    init(_ paths: NodePaths) async throws {
        let glance = try NodeGlance(paths)
        node = glance.nodeName
        published = try PublishedStatus.load(below: paths)
        slice = try AcceptedFile(below: paths.stateDirectory).glance()
        pods = try await glance.statuses()
        room = NodeRoom(capacity: glance.capacity, allocatable: glance.allocatable, pods: pods)
        now = .now()
        if let unsupervised = try Unsupervised.look(at: paths) {
            agent = .none(unsupervised)
        } else {
            let process = try NodeClaim.holder(of: paths) ?? 0
            let isItsOwn = published?.process == process
            agent = .running(process: process, since: isItsOwn ? published?.startedAt : nil)
        }
        historyTrouble = JournalGlance.trouble(with: paths)
        remains = try DamagedRemains(paths).all().map {
            "\($0.directory) is what a damaged record left of a Pod, removed after \($0.until.rfc3339)"
        }
    }
}
