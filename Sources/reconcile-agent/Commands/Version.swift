import ArgumentParser

/// `version`.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version.")

    /// The version this source will be released as; `-dev` until it is.
    static let current = "0.1.0-dev"

    func run() { write(standardOutput: "reconcile-agent \(Self.current)\n") }
}
