import ArgumentParser
import ImageStore
import NodeRuntime
import Tables

/// `image import|list`: the images this node can start containers from.
struct Image: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import and list the images that containers start from.", subcommands: [Import.self, List.self])

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
            let name = try name.map { name in
                do { return try ImageReference(parsing: name) } catch { throw CommandFailure(.usage, "\(error)") }
            }
            for file in files {
                for image in try await store.importArchive(file, as: name) {
                    write(standardOutput: "imported \(image.reference.familiar)\n")
                }
            }
        }
    }

    /// `image list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the images of this node.", usage: "reconcile-agent image list")

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            let images = try Node.images(below: node.readablePaths(for: "image list")).images()
            if images.isEmpty { return write(standardError: "No images found\n") }
            let table = TextTable(
                headers: ["IMAGE", "IMAGE ID", "SIZE"],
                rows: images.map { [$0.reference.familiar, String($0.imageID.hex.prefix(12)), Self.size($0.size)] })
            write(standardOutput: table.text())
        }

        /// Bytes in decimal units with three digits, as docker and crictl print them: `40.2MB`.
        private static func size(_ bytes: Int64) -> String {
            var value = Double(bytes)
            var units = ["B", "kB", "MB", "GB", "TB"][...]
            while value >= 1000, units.count > 1 {
                value /= 1000
                units.removeFirst()
            }
            let rounded = value >= 100 ? value.rounded() : (value * 10).rounded() / 10
            let digits = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
            return digits + (units.first ?? "")
        }
    }
}
