import ArgumentParser
import Foundation
import GitSource
import Logging
import Manifests
import NodeRuntime
import PodModel

/// `diff`: what the repository's newest revision would change on this node.
struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the newest revision would change on this node.",
        usage: "reconcile-agent diff --repo <url> [<options>] [-o <format>]",
        discussion: """
            Decides as reconcile does, and changes nothing. Works beside a running agent.
            A tag that moved under a running Pod is a notice, not a difference.

            Exit codes: 0 no difference, 1 something differs, 2 usage or configuration,
            3 source unreachable, 5 invalid manifests.
            """)

    @Option(name: .short("o"), help: ArgumentHelp("How to print the difference.", valueName: "format"))
    var output: ReportFormat = .text

    @OptionGroup(title: "Source options") var source: SourceOptions
    @OptionGroup(title: "Registry options") var registry: RegistryOptions
    @OptionGroup(title: "Machine options") var machine: MachineOptions
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let source = try source.resolved()
        let paths = try node.readablePaths(for: "diff")
        let identity = try NodeIdentity.load(below: paths.stateDirectory)
        let wanted = try machine.resolved(in: paths, before: identity)
        let profile = wanted.profile(under: try wanted.policy(), in: paths)
        let snapshot = try await Self.snapshot(of: source, paths)
        let accepted = try AcceptedFile(below: paths.stateDirectory).glance()
        let observed = identity == nil ? [] : try await NodeGlance(paths).view.observe()
        let difference = NodeDifference(
            snapshot, previous: accepted, observed: observed, node: profile, pressures: try Self.pressures(paths),
            now: try .now())
        let report = DiffReport(
            difference: difference,
            tags: await TagDifference.all(
                observed, images: Node.images(below: paths), sources: try registry.resolved(),
                objects: ConfigurationObjects(accepted?.objects ?? [])))
        switch output {
        case .text: write(standardOutput: report.text)
        case .json: write(standardOutput: report.json.pretty + "\n")
        }
        write(standardError: report.errors)
        throw ExitCode(difference.exitStatus.rawValue)
    }

    /// What the node is short of, as the agent that looks after it says; nothing where there is none.
    private static func pressures(_ paths: NodePaths) throws -> Set<NodePressureKind> {
        guard try Unsupervised.look(at: paths) == nil else { return [] }
        return Set((try PublishedStatus.load(below: paths)?.loop.pressures ?? []).map(\.kind))
    }

    /// The newest revision, by the agent's own clone; where no agent ever ran, by one that is thrown away.
    private static func snapshot(of source: FollowedSource, _ paths: NodePaths) async throws -> PodModel.SourceSnapshot
    {
        var log = Logger(label: "reconcile-agent") { _ in EventLog() }
        log.logLevel = .warning
        do {
            if FileManager.default.fileExists(atPath: paths.stateDirectory) {
                return try await FollowedGit(Node.git(source, clone: Node.clone(below: paths)), log: log).snapshot()
            }
            let directory = FileManager.default.temporaryDirectory.appending(
                path: "reconcile-diff-\(UUID().uuidString)"
            )
            .path(percentEncoded: false)
            try makePrivateDirectory(directory)
            defer { try? FileManager.default.removeItem(atPath: directory) }
            return try await FollowedGit(Node.git(source, clone: "\(directory)/source"), log: log).snapshot()
        } catch let error as GitSourceError {
            throw CommandFailure(.sourceUnreachable, "\(error)")
        }
    }
}
