import ArgumentParser
import GitSource
import ImageStore

/// `worker git|unpack`: what the agent starts as children with a deadline. Not for people.
struct Worker: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do one piece of work for the agent, read from standard input.", shouldDisplay: false,
        subcommands: [Git.self, Unpack.self])

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
}
