import ArgumentParser
import Glibc
import ImageStore
import Linux
import NodeRuntime

extension Image {
    /// `image export NAME`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write an image into an archive, for a node without a registry.",
            usage: "reconcile-agent image export [-o <file>] <image>",
            discussion: """
                The archive is a tar of an OCI layout: image import reads it, and so do podman
                load, skopeo (oci-archive:FILE) and docker load from version 25 on.
                """)

        @Argument(help: ArgumentHelp("A name as image list shows it.", valueName: "image"))
        var image: String

        @Option(name: .shortAndLong, help: ArgumentHelp("Where it goes. (default: standard output)", valueName: "file"))
        var output: String?

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            let name = try parsedImageName(image)
            let store = Node.images(below: try node.readablePaths(for: "image export"))
            guard let output else {
                guard isatty(STDOUT_FILENO) == 0 else {
                    throw CommandFailure(.usage, "an archive is nothing for a terminal", hint: "name a file with -o")
                }
                guard try await store.export(name, to: STDOUT_FILENO) else { throw absentImage(name) }
                return
            }
            guard store.has(name) else { throw absentImage(name) }
            try await write(name, of: store, to: output)
        }

        /// Under another name first, so that nobody takes half of it for the whole.
        private func write(_ name: ImageReference, of store: ImageStore, to path: String) async throws {
            let unfinished = "\(path).part-\(getpid())"
            do {
                let file = try Descriptor.open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
                guard try await store.export(name, to: file.raw) else { throw absentImage(name) }
                try retrying("rename", path) { rename(unfinished, path) }
            } catch {
                unlink(unfinished)
                throw error
            }
        }
    }
}
