import ArgumentParser
import Manifests
import PodModel

/// `validate PATH`: what is wrong with manifests, before they are pushed.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check manifests before they are pushed: every mistake, with its place.",
        usage: """
            reconcile-agent validate [<path>] [--policy <file>] [-o <format>]
            reconcile-agent validate [<path>] --node-name <name> [<options>]
            """,
        discussion: """
            Reads a directory as the agent reads a repository: names that begin with a dot
            are passed over, links are not followed. Needs no root, no node and no network.

            Exit codes: 0 valid, 2 nothing to read there, 5 invalid.
            """)

    @Argument(help: ArgumentHelp("A directory, or one file.", valueName: "path"))
    var path: String = "."

    @Option(help: ArgumentHelp("The node they are for: tells which Pods are not.", valueName: "name"))
    var nodeName: String?

    @Option(help: ArgumentHelp("A label it has, once for each.", valueName: "key=value"))
    var nodeLabel: [String] = []

    @Option(help: ArgumentHelp("A taint it has, once for each.", valueName: "key=value:effect"))
    var nodeTaint: [String] = []

    @Option(
        help: ArgumentHelp("What Pods may ask of it: whatever that does not allow is an error.", valueName: "file"))
    var policy: String?

    @Option(name: .short("o"), help: ArgumentHelp("How to print what was found.", valueName: "format"))
    var output: ReportFormat = .text

    func run() throws {
        let policy = try nodePolicy()
        let report = ValidationReport(
            validation: Validation(try ManifestsAtPath(path), for: try node(under: policy), under: policy))
        switch output {
        case .text: write(standardOutput: report.text)
        case .json: write(standardOutput: report.json.pretty + "\n")
        }
        if report.validation.errorCount > 0 { throw ExitCode(ExitStatus.invalidManifests.rawValue) }
    }

    /// What Pods may ask of the node, whatever its name is: everything, unless a policy is named.
    private func nodePolicy() throws -> NodePolicy { try policy.map { try NodePolicy.load($0) } ?? .everything }

    /// The node that was described; nil when none was.
    private func node(under policy: NodePolicy) throws -> NodeProfile? {
        guard let name = try setting(nodeName, "node-name") else {
            if nodeLabel.isEmpty, nodeTaint.isEmpty { return nil }
            throw CommandFailure(.usage, "labels and taints are a node's", hint: "name it with --node-name")
        }
        return NodeIdentity.profile(
            named: name, labels: try labels(from: nodeLabel), taints: try taints(from: nodeTaint), policy: policy)
    }
}

/// How a verb tells what it found or did.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
