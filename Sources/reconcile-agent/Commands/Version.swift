import ArgumentParser
import Manifests
import NodeRuntime
import SupervisorCore

/// `version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the version, and those of what it speaks and stores.",
        usage: "reconcile-agent version [-o <format>]")

    /// The version this source will be released as; `-dev` until it is.
    static let current = "0.1.0-dev"

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: ReportFormat = .text

    func run() {
        let (protocols, state) = (Int64(HelloRequest().version), Int64(NodeClaim.stateVersion))
        switch output {
        case .text:
            write(
                standardOutput: """
                    reconcile-agent \(Self.current)
                    supervisor protocol \(protocols), state directory \(state), manifests core/v1

                    """)
        case .json:
            let object: JSONValue = [
                "version": .string(Self.current), "supervisorProtocol": .int(protocols), "stateVersion": .int(state),
                "manifests": ["v1"],
            ]
            write(standardOutput: object.pretty + "\n")
        }
    }
}
