import ArgumentParser
import ImageStore
import NodeRuntime

extension Image {
    /// `image pull NAME...`.
    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Get images from their registries.",
            usage: "reconcile-agent image pull [<options>] <image> ...",
            discussion: """
                Names are completed as docker completes them: nginx is
                docker.io/library/nginx:latest. Layers that are here already are not transferred
                again. Pods get their images by themselves; this gets them ahead of time.
                """)

        @Argument(help: ArgumentHelp("Names with a tag or a digest.", valueName: "image"))
        var images: [String]

        @OptionGroup(title: "Registry options") var registry: RegistryOptions
        @OptionGroup(title: "Node options") var node: NodeOptions

        func run() async throws {
            try requireRoot("image pull")
            let names = try images.map(parsedImageName)
            let sources = try registry.resolved()
            let paths = try node.paths()
            try makePrivateDirectory(paths.stateDirectory)
            let store = Node.images(below: paths)
            try await forEachImage(names) { name in
                let display = PullDisplay(name.familiar)
                defer { display.finish() }
                let image = try await store.pull(
                    name, from: sources.registries, credentials: sources.credentials, progress: display.note)
                display.finish()
                write(standardOutput: "pulled \(image.reference.familiar)\n")
            }
        }
    }
}
