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
    ) throws -> (file: StagedFiles.File, document: OCIDocument)? {
        let file = try blob(descriptor)
        let document = try archive.json(OCIDocument.self, file, "manifest \(descriptor.digest)")
        // A document that is both can be read as two different images (GHSA-mc8v-mgrf-8f4m).
        if document.manifests != nil && (document.layers != nil || document.config != nil) {
            throw StagedArchive.Problem.refused("its manifest \(descriptor.digest) is manifest and index at once")
        }
        guard let manifests = document.manifests else { return (file, document) }
        guard nesting < 4 else { throw StagedArchive.Problem.refused("its indexes are nested too deep") }
        guard let match = manifests.first(where: { $0.platform?.matches(platform) ?? true }) else { return nil }
        return try manifest(match, for: platform, nesting: nesting + 1)
    }

    private func image(
        _ manifest: (file: StagedFiles.File, document: OCIDocument), names: [ImageReference]
    ) throws -> ArchivedImage {
        guard let config = manifest.document.config else {
            throw StagedArchive.Problem.notAnImage("its manifest \(manifest.file.digest) has no config")
        }
        return try ArchivedImage(
            names: names, manifest: manifest.file, configFile: blob(config),
            blobs: (manifest.document.layers ?? []).map(blob), in: archive)
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

/// An index or a manifest: which of the two shows by the fields it has.
struct OCIDocument: Decodable {
    let manifests: [OCIDescriptor]?
    let config: OCIDescriptor?
    let layers: [OCIDescriptor]?
}

/// A reference to a blob.
struct OCIDescriptor: Decodable {
    let digest: Digest
    let size: Int64
    let platform: OCIPlatform?
    let annotations: [String: String]?

    struct OCIPlatform: Decodable {
        let os: String
        let architecture: String

        func matches(_ platform: Platform) -> Bool { os == platform.os && architecture == platform.architecture }
    }

    /// The full names in the annotations. A ref name without `:` or `/` is a mere tag (`1.14`): it names no image.
    var names: [ImageReference] {
        get throws {
            if let name = annotations?["io.containerd.image.name"] { return [try ImageReference(parsing: name)] }
            guard let name = annotations?["org.opencontainers.image.ref.name"],
                name.contains(where: { ":/".contains($0) })
            else { return [] }
            return [try ImageReference(parsing: name)]
        }
    }
}
