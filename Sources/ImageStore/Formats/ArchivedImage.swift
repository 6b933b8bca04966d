/// One image as an archive describes it, checked for consistency but not yet unpacked.
struct ArchivedImage: Sendable {
    /// The names the archive gives it.
    let names: [ImageReference]
    /// The digest of its manifest; nil in a docker archive, whose manifest is not the registry's.
    let manifest: StagedFiles.File?
    /// The file with its configuration; its digest is the image's id.
    let configFile: StagedFiles.File
    /// What the configuration says.
    let config: ImageConfig
    /// `os/architecture` it was made for; nil when it does not say.
    let platform: Platform?
    /// The layers, bottom first.
    let layers: [Layer]
    /// When it was made, in the words of its configuration.
    let created: String?

    /// Everything the image is made of.
    var files: [StagedFiles.File] { [manifest, configFile].compactMap(\.self) + layers.map(\.blob) }

    /// A layer's blob, and the digest of what it decompresses to.
    struct Layer: Sendable {
        let blob: StagedFiles.File
        let diffID: Digest
    }

    /// Brings together a configuration and the blobs that a manifest lists.
    init(
        names: [ImageReference], manifest: StagedFiles.File?, configFile: StagedFiles.File, blobs: [StagedFiles.File],
        in archive: StagedArchive
    ) throws {
        let file = try archive.json(ConfigFile.self, configFile, "image configuration")
        guard file.rootfs.diffIDs.count == blobs.count else {
            throw StagedArchive.Problem.refused(
                "its manifest lists \(blobs.count) layers, its configuration \(file.rootfs.diffIDs.count)")
        }
        self.names = names
        self.manifest = manifest
        self.configFile = configFile
        config = file.imageConfig
        platform = file.platform
        created = file.created
        layers = zip(blobs, file.rootfs.diffIDs).map(Layer.init)
    }
}

/// What a machine must be to run an image.
struct Platform: Hashable, Sendable, CustomStringConvertible {
    let os: String
    let architecture: String

    var description: String { "\(os)/\(architecture)" }

    /// This machine, in Go's words, which images use.
    static var current: Platform {
        #if arch(x86_64)
        Platform(os: "linux", architecture: "amd64")
        #elseif arch(arm64)
        Platform(os: "linux", architecture: "arm64")
        #else
        #error("name this architecture as Go does")
        #endif
    }
}
