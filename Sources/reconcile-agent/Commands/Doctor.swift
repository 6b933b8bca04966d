import ArgumentParser
import Foundation
import Manifests
import NodeRuntime

/// `doctor`: what this kernel and this user can and cannot do, and what that means for Pods.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether Pods can run on this machine, and what to do if not.",
        usage: "reconcile-agent doctor [-o <format>]",
        discussion: """
            Tries what a Pod needs in namespaces that end with it; changes nothing.

            Exit codes: 0 Pods can run, 1 something is in their way.
            """)

    @Option(name: .short("o"), help: ArgumentHelp("How to print what was found.", valueName: "format"))
    var output: ReportFormat = .text

    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let paths = try node.paths()
        let parent = (try? NodeIdentity.load(below: paths.stateDirectory))?.cgroupParent ?? "reconcile-agent"
        let report = DoctorReport(findings: await Examination.findings(paths, cgroupParent: parent))
        switch output {
        case .text: write(standardOutput: report.text)
        case .json: write(standardOutput: report.json.pretty + "\n")
        }
        if report.hasProblems { throw ExitCode(ExitStatus.notFound.rawValue) }
    }
}
