/// The format of `docker save` and `skopeo copy … docker-archive:`: a `manifest.json` that names everything else.
struct DockerArchive {
    private struct Entry: Decodable {
        let config: String
        let repoTags: [String]?
        let layers: [String]?

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case repoTags = "RepoTags"
            case layers = "Layers"
        }
    }

    let archive: StagedArchive
    private let manifest: StagedFiles.File

    /// Nil when the archive has no `manifest.json`, and so is of another format.
    init?(_ archive: StagedArchive) {
        guard let manifest = archive.file("manifest.json") else { return nil }
        self.archive = archive
        self.manifest = manifest
    }

    /// All images of the archive.
    func images() throws -> [ArchivedImage] {
        try archive.json([Entry].self, manifest, "manifest.json").map { entry in
            let config = try archive.file(entry.config, namedBy: "manifest.json")
            try check(config, called: entry.config)
            return try ArchivedImage(
                names: (entry.repoTags ?? []).map(ImageReference.init(parsing:)), manifest: nil, configFile: config,
                blobs: (entry.layers ?? []).map { try archive.file($0, namedBy: "manifest.json") }, in: archive)
        }
    }

    /// A configuration is called after its digest: `<hex>.json`, or `blobs/sha256/<hex>` since docker 25.
    private func check(_ config: StagedFiles.File, called name: String) throws {
        let last = name.split(separator: "/").last ?? ""
        let stem = last.hasSuffix(".json") ? last.dropLast(".json".count) : last
        if let claimed = Digest(hex: String(stem)), claimed != config.digest {
            throw StagedArchive.Problem.refused(
                "its configuration is called \(quoted(name.utf8)), but its digest is \(config.digest)")
        }
    }
}
