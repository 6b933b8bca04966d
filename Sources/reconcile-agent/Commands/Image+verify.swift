import ArgumentParser
import ImageStore
import NodeRuntime

extension Image {
    /// `image verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read every stored byte and compare it with its digest.",
            usage: "reconcile-agent image verify",
            discussion: "Changes nothing. Exit code 1 when something is damaged.")

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            let found = try await Node.images(below: node.readablePaths(for: "image verify")).verify()
            for damage in found.damages { write(standardError: "error: \(damage)\n") }
            for leftover in found.leftovers {
                write(standardError: "notice: \(leftover) is needed by no image; image prune removes it\n")
            }
            let images = found.images == 1 ? "1 image is sound" : "\(found.images) images are sound"
            write(standardOutput: "\(images), \(byteWords(found.bytes)) read\n")
            if !found.damages.isEmpty { throw ExitCode(ExitStatus.notFound.rawValue) }
        }
    }
}
