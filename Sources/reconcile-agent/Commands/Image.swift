import ArgumentParser

/// `image pull|import|export|list|inspect|remove|prune|verify`: the images this node can start containers from.
struct Image: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pull, import, show and remove the images that containers start from.",
        subcommands: [
            Pull.self, Import.self, Export.self, List.self, Inspect.self, Remove.self, Prune.self, Verify.self,
        ])
}
