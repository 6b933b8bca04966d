import ArgumentParser
import ImageStore
import NodeRuntime

extension Image {
    /// `image remove NAME...`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget images that no container uses, and free their disk space.",
            usage: "reconcile-agent image remove <image> ...",
            discussion: """
                Layers and blobs that another image needs stay. An image of --image-dir comes
                back only when its file there changes.
                """)

        @Argument(help: ArgumentHelp("Names as image list shows them.", valueName: "image"))
        var images: [String]

        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            try requireRoot("image remove")
            let names = try images.map(parsedImageName)
            let paths = try node.paths()
            let store = Node.images(below: paths)
            try await forEachImage(names) { name in
                let usage = try await ImageUsage(of: paths)
                try usage.requireUnused(name, in: store)
                guard let removed = try await store.remove(name, keeping: usage.running) else {
                    throw absentImage(name)
                }
                write(standardOutput: Self.words(removed))
            }
        }

        private static func words(_ removed: RemovedImage) -> String {
            let others = removed.otherNames.map(\.familiar).sorted().joined(separator: ", ")
            return others.isEmpty
                ? "deleted \(removed.reference.familiar)\n"
                : "untagged \(removed.reference.familiar); the image stays as \(others)\n"
        }
    }
}
