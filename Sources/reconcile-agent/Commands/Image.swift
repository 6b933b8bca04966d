import ArgumentParser

/// `image import|list|remove`: the images this node can start containers from.
struct Image: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import, list and remove the images that containers start from.",
        subcommands: [Import.self, List.self, Remove.self])
}
