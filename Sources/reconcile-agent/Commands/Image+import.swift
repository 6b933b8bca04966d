import ArgumentParser
import ImageStore
import NodeRuntime

extension Image {
    /// `image import FILE...`.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take images from docker archives or OCI layouts.",
            usage: "reconcile-agent image import [--name <image>] <file> ...",
            discussion: """
                Archives come from docker save, podman save or skopeo copy. Names are completed
                as docker completes them: nginx is docker.io/library/nginx:latest.
                """)

        @Argument(help: ArgumentHelp("Archives, or directories with an OCI layout.", valueName: "file"))
        var files: [String]

        @Option(help: ArgumentHelp("What to call the image, when a file holds only one.", valueName: "image"))
        var name: String?

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            try requireRoot("image import")
            let paths = try node.paths()
            try makePrivateDirectory(paths.stateDirectory)
            let store = Node.images(below: paths)
            let name = try name.map(parsedImageName)
            try await forEachImage(files) { file in
                for image in try await store.importArchive(file, as: name) {
                    write(standardOutput: "imported \(image.reference.familiar)\n")
                }
            }
        }
    }
}

/// An image's name as given on the command line.
///
/// - Throws: `CommandFailure` (usage), which says what is wrong with it.
func parsedImageName(_ text: String) throws -> ImageReference {
    do { return try ImageReference(parsing: text) } catch { throw CommandFailure(.usage, "\(error)") }
}
