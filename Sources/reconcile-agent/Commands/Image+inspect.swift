import ArgumentParser
import ImageStore
import Manifests
import NodeRuntime

extension Image {
    /// `image inspect NAME...`.
    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show everything about images, as JSON.",
            usage: "reconcile-agent image inspect <image> ...",
            discussion: "The fields are those of docker image inspect.")

        @Argument(help: ArgumentHelp("Names as image list shows them.", valueName: "image"))
        var images: [String]

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            let names = try images.map(parsedImageName)
            let store = Node.images(below: try node.readablePaths(for: "image inspect"))
            let found = try names.map { name in
                guard let image = try store.inspect(name) else { throw absentImage(name) }
                return ImageObject.json(image)
            }
            write(standardOutput: JSONValue.array(found).pretty + "\n")
        }
    }
}

/// What is said of an image that is not here.
func absentImage(_ name: ImageReference) -> CommandFailure {
    CommandFailure(
        .notFound, "no image \(name.familiar) on this node", hint: "reconcile-agent image list shows all of them")
}
