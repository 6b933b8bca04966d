import ArgumentParser
import Foundation
import GitSource
import Glibc
import ImageStore

/// `worker git|unpack|doctor`: what the agent starts as children with a deadline. Not for people.
struct Worker: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do one piece of work for the agent, read from standard input.", shouldDisplay: false,
        subcommands: [Git.self, Unpack.self, Throwaway.self])

    /// Talks to a Git remote.
    struct Git: ParsableCommand {
        static let configuration = CommandConfiguration(shouldDisplay: false)

        func run() throws { throw ExitCode(GitWorker.run()) }
    }

    /// Unpacks a layer of an image.
    struct Unpack: ParsableCommand {
        static let configuration = CommandConfiguration(shouldDisplay: false)

        func run() throws { throw ExitCode(UnpackWorker.run()) }
    }

    /// Tries in namespaces of its own what Pods need.
    struct Throwaway: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "doctor", shouldDisplay: false)

        @Argument var stateDirectory: String

        func run() throws {
            let findings = ThrowawayNode(stateDirectory: stateDirectory).findings()
            write(standardOutput: Array(try JSONEncoder().encode(findings)))
            // A process whose children get another PID namespace can start no thread any more: nothing may follow.
            Glibc.exit(EXIT_SUCCESS)
        }
    }
}
