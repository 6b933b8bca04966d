import ArgumentParser
import ImageStore
import NodeRuntime
import PodModel
import Tables

extension Image {
    /// `image list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the images of this node.", usage: "reconcile-agent image list")

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            let images = try Node.images(below: node.readablePaths(for: "image list")).images()
            if images.isEmpty { return write(standardError: "No images found\n") }
            let now = try Moment.now().wall.seconds
            let table = TextTable(
                headers: ["NAME", "ID", "CREATED", "SIZE"],
                rows: images.map { image in
                    let created = image.created.map { "\(CreatedAge(.seconds(now - $0)))" } ?? "N/A"
                    return [
                        image.reference.familiar, String(image.imageID.hex.prefix(12)), created, byteWords(image.size),
                    ]
                })
            write(standardOutput: table.text())
        }
    }
}
