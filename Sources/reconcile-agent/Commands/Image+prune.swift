import ArgumentParser
import ImageStore
import NodeRuntime

extension Image {
    /// `image prune`.
    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget every image that no Pod of this node uses, and free its disk space.",
            usage: "reconcile-agent image prune [--dry-run]",
            discussion: """
                Images of running Pods stay, and those that the accepted revision names. An
                image of --image-dir comes back only when its file there changes.
                """)

        @Flag(help: "Only say what would go.")
        var dryRun = false

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            try requireRoot("image prune")
            let paths = try node.paths()
            let usage = try await ImageUsage(of: paths)
            let pruned = try await Node.images(below: paths).prune(keeping: usage.running, isTrial: dryRun) {
                !usage.needs($0)
            }
            for name in pruned.names {
                write(standardOutput: "\(dryRun ? "would delete" : "deleted") \(name.familiar)\n")
            }
            write(standardOutput: "Total reclaimed space: \(byteWords(pruned.bytes))\n")
        }
    }
}
