/// The OCI image layout: `index.json` lists manifests, blobs lie under `blobs/sha256` (image-spec, image-layout.md).
struct OCILayout {
    let archive: StagedArchive
    private let index: StagedFiles.File

    /// Nil when the archive has no `index.json`, and so is of another format.
    init?(_ archive: StagedArchive) {
        guard let index = archive.file("index.json") else { return nil }
        self.archive = archive
        self.index = index
    }

    /// The images of the layout; of one made for several platforms, the one for `platform`.
    func images(for platform: Platform) throws -> [ArchivedImage] {
        let index = try archive.json(OCIDocument.self, index, "index.json")
        return try (index.manifests ?? []).compactMap { descriptor in
            guard let manifest = try manifest(descriptor, for: platform, nesting: 0) else { return nil }
            return try image(manifest, names: try descriptor.names)
        }
    }

    /// Follows an index inside the index to the manifest for `platform`; nil when it has none.
    private func manifest(
        _ descriptor: OCIDescriptor, for platform: Platform, nesting: Int
    ) throws -> Manifest? {
        let file = try blob(descriptor)
        let document = try archive.json(OCIDocument.self, file, "manifest \(descriptor.digest)")
        switch try document.content(of: descriptor.digest) {
        case .manifest(let config, let layers): return Manifest(file: file, config: config, layers: layers)
        case .index(let manifests):
            guard nesting < 4 else { throw StagedArchive.Problem.refused("its indexes are nested too deep") }
            guard let match = manifests.first(where: { $0.platform?.matches(platform) ?? true }) else { return nil }
            return try self.manifest(match, for: platform, nesting: nesting + 1)
        }
    }

    private struct Manifest {
        let file: StagedFiles.File
        let config: OCIDescriptor
        let layers: [OCIDescriptor]
    }

    private func image(_ manifest: Manifest, names: [ImageReference]) throws -> ArchivedImage {
        try ArchivedImage(
            names: names, manifest: manifest.file, configFile: blob(manifest.config),
            blobs: manifest.layers.map(blob), in: archive)
    }

    /// A blob, with the digest and size that its descriptor promises.
    private func blob(_ descriptor: OCIDescriptor) throws -> StagedFiles.File {
        let name = "blobs/sha256/\(descriptor.digest.hex)"
        let file = try archive.file(name, namedBy: "index")
        guard file.digest == descriptor.digest else {
            throw StagedArchive.Problem.refused("its blob \(descriptor.digest) has the digest \(file.digest)")
        }
        guard file.size == descriptor.size else {
            throw StagedArchive.Problem.refused(
                "its blob \(descriptor.digest) has \(file.size) bytes instead of \(descriptor.size)")
        }
        return file
    }
}
