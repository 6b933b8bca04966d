import Glibc
import Linux

/// One pull, from a name to an image in the store.
struct ImagePull {
    let reference: ImageReference
    let store: ImageStore
    let registries: RegistryClient
    let credentials: any RegistryCredentials
    let progress: @Sendable (PullProgress) -> Void

    /// How many layers come at once (containerd's default).
    private static let parallelLayers = 3

    func run() async throws -> StoredImage {
        let demand = try registries.trust.admit(reference)
        let inquiry = EndpointInquiry(reference: reference, registries: registries, credentials: credentials)
        return try await inquiry.ask { session, owner in
            let manifest = try await RemoteManifest.fetch(session, for: .current)
            // Before anything of it is transferred.
            let signers = try await demand?.signers(of: manifest, session)
            return try await pull(
                manifest, by: session, ImageOrigin(nameDigest: manifest.nameDigest, signedBy: signers),
                givenFor: owner)
        }
    }

    private func pull(
        _ manifest: RemoteManifest, by session: RegistrySession, _ origin: ImageOrigin,
        givenFor owner: RegistryCredential?
    ) async throws -> StoredImage {
        if let present = try await present(manifest, origin, givenFor: owner) { return present }
        let staging = try await StagingDirectory.make(for: store)
        let result: Result<StoredImage, any Error>
        do {
            let archive = StagedArchive(directory: staging.path, contents: StagedFiles())
            do {
                let image = try await transfer(manifest, by: session, into: archive)
                result = .success(try await install(manifest, image, from: archive, origin, givenFor: owner))
            } catch is MissingBlob {
                // What the store had was given up while the rest came.
                let image = try await transfer(manifest, by: session, into: archive)
                result = .success(try await install(manifest, image, from: archive, origin, givenFor: owner))
            }
        } catch { result = .failure(error) }
        try staging.remove()
        return try result.get()
    }

    /// The image, when the store has it under this name already; what is new about it is noted.
    private func present(
        _ manifest: RemoteManifest, _ origin: ImageOrigin, givenFor owner: RegistryCredential?
    ) async throws -> StoredImage? {
        guard try store.image(reference)?.imageID == manifest.config.digest else { return nil }
        return try await store.whileLocked {
            // It may have gone meanwhile.
            guard var record = try store.references.record(reference), record.imageID == manifest.config.digest else {
                return nil
            }
            try store.noteAccess(reference, record.imageID, givenFor: owner)
            record.origin = origin.following(record.origin)
            try store.references.put(record)
            return record.stored(in: store.layout)
        }
    }

    // MARK: Transfer

    /// Brings what the store does not have into the staging directory, each layer unpacked there while it comes.
    private func transfer(
        _ manifest: RemoteManifest, by session: RegistrySession, into archive: StagedArchive
    ) async throws -> ArchivedImage {
        let staging = archive.directory
        let missing = Set(manifest.layers).filter { layer in
            access(store.layout.blob(layer.digest), F_OK) != 0 && access("\(staging)/\(layer.digest.hex)", F_OK) != 0
        }
        progress(.resolved(layers: missing.count, bytes: missing.reduce(0) { $0 + $1.size }))
        try replaceFile(manifest.digest.hex, in: staging, with: manifest.bytes)
        try await download(manifest.config, by: session, into: staging) { _ in }.run()
        let image = try described(by: manifest, in: archive)
        let arriving = ArrivingLayers(of: image, awaiting: missing.count, in: archive, store: store, session: session)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, layer) in missing.sorted(by: { $0.size > $1.size }).enumerated() {
                if index >= Self.parallelLayers { try await group.next() }
                group.addTask { [progress] in
                    let blob = try download(layer, by: session, into: staging) {
                        progress(.transferred(layer: layer.digest, bytes: $0, of: layer.size))
                    }
                    try await arriving.take(blob) { progress(.unpacking) }
                }
            }
            try await group.waitForAll()
        }
        return image
    }

    /// The image, by its manifest and its configuration.
    private func described(by manifest: RemoteManifest, in archive: StagedArchive) throws -> ArchivedImage {
        let image: ArchivedImage
        do {
            image = try ArchivedImage(
                names: [reference], manifest: manifest.file, configFile: manifest.config.file,
                blobs: manifest.layers.map(\.file), in: archive)
        } catch StagedArchive.Problem.notAnImage(let reason), StagedArchive.Problem.refused(let reason) {
            throw ImagePullError.malformed(reference, reason: reason)
        }
        if let platform = image.platform, platform != .current {
            throw ImagePullError.otherPlatform(reference, available: ["\(platform)"], node: "\(Platform.current)")
        }
        return image
    }

    private func download(
        _ blob: OCIDescriptor, by session: RegistrySession, into staging: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(ImagePullError) -> BlobDownload {
        guard (0...store.limits.bytes).contains(blob.size) else {
            throw ImagePullError.malformed(
                reference, reason: "blob \(blob.digest) has \(blob.size) bytes; \(store.limits.bytes) are the limit")
        }
        return BlobDownload(
            session: session, descriptor: blob, path: "\(staging)/\(blob.digest.hex)", progress: progress)
    }

    // MARK: Into the store

    private func install(
        _ manifest: RemoteManifest, _ image: ArchivedImage, from archive: StagedArchive, _ origin: ImageOrigin,
        givenFor owner: RegistryCredential?
    ) async throws -> StoredImage {
        try await store.whileLocked {
            // What the store has already takes part as if it had been transferred: by another name of the same file.
            for layer in manifest.layers { try link(layer, from: store.layout, into: archive.directory) }
            // Before it is there under its name: never for more people than the registry gives it to.
            if owner != nil { try store.noteAccess(reference, manifest.config.digest, givenFor: owner) }
            let installation = ImageInstallation(
                archive: archive, store: store, source: reference.familiar, origin: origin)
            guard let stored = try await installation.install(image, as: [reference]).first else {
                throw ImagePullError.malformed(reference, reason: "it has no name")
            }
            if owner == nil { try store.forgetAccess(reference) }
            return stored
        }
    }

    private func link(_ layer: OCIDescriptor, from layout: StoreLayout, into staging: String) throws {
        let path = "\(staging)/\(layer.digest.hex)"
        if access(path, F_OK) == 0 { return }
        do throws(SystemError) { try retrying("link", path) { Glibc.link(layout.blob(layer.digest), path) } } catch {
            if error.code == ENOENT { throw MissingBlob() }
            throw error
        }
    }

    /// A layer that the store had when its transfer was not needed, and has not any more.
    private struct MissingBlob: Error {}
}

extension OCIDescriptor {
    fileprivate var file: StagedFiles.File { StagedFiles.File(digest: digest, size: size) }
}

extension RemoteManifest {
    fileprivate var file: StagedFiles.File { StagedFiles.File(digest: digest, size: Int64(bytes.count)) }
}
