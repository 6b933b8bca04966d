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
                        image.reference.familiar, String(image.imageID.hex.prefix(12)), created, Self.size(image.size),
                    ]
                })
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
