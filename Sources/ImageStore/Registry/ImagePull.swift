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

    /// Asks mirrors and registry in their order, with each credential that fits.
    func run() async throws -> StoredImage {
        var failures: [ImagePullError] = []
        for endpoint in try registries.configuration.endpoints(for: reference) {
            do {
                return try await pull(
                    from: endpoint, with: try await credentials.credentials(for: endpoint.owner))
            } catch let failure as ImagePullError { failures.append(failure) }
        }
        guard failures.count > 1 else {
            throw failures.first ?? .unreachable(registry: reference.registry, reason: "that is no host and port")
        }
        throw ImagePullError.nowhere(reference, attempts: failures.map(\.description))
    }

    /// Tries each credential until one is good enough.
    private func pull(
        from endpoint: RegistryEndpoint, with credentials: [RegistryCredential]
    ) async throws -> StoredImage {
        var refusal: ImagePullError?
        for credential in credentials.isEmpty ? [nil] : credentials.map(Optional.some) {
            let session = RegistrySession(
                image: reference, endpoint: endpoint, credential: credential, transport: registries.transport,
                retries: registries.retries)
            do {
                let manifest = try await RemoteManifest.fetch(session, for: .current)
                return try await pull(manifest, by: session, givenFor: owner(of: credential, at: endpoint))
            } catch let error as ImagePullError {
                guard case .unauthorized = error else { throw error }
                refusal = error
            }
        }
        throw refusal ?? .unreachable(registry: endpoint.authority, reason: "nobody asked")
    }

    /// The credential, where it is not everybody's.
    private func owner(
        of credential: RegistryCredential?, at endpoint: RegistryEndpoint
    ) async throws -> RegistryCredential? {
        guard let credential, try await !credentials.isShared(credential, for: endpoint.owner) else { return nil }
        return credential
    }

    private func pull(
        _ manifest: RemoteManifest, by session: RegistrySession, givenFor owner: RegistryCredential?
    ) async throws -> StoredImage {
        if let present = try await present(manifest, givenFor: owner) { return present }
        let staging = try await StagingDirectory.make(for: store)
        let result: Result<StoredImage, any Error>
        do {
            try await download(manifest, by: session, into: staging.path)
            progress(.unpacking)
            do {
                result = .success(try await install(manifest, from: staging.path, givenFor: owner))
            } catch is MissingBlob {
                // What the store had was given up while the rest came.
                try await download(manifest, by: session, into: staging.path)
                result = .success(try await install(manifest, from: staging.path, givenFor: owner))
            }
        } catch { result = .failure(error) }
        try staging.remove()
        return try result.get()
    }

    /// The image, when the store has it under this name already.
    private func present(
        _ manifest: RemoteManifest, givenFor owner: RegistryCredential?
    ) async throws -> StoredImage? {
        guard let stored = try store.image(reference), stored.imageID == manifest.config.digest else { return nil }
        try await store.whileLocked { try store.noteAccess(reference, stored.imageID, givenFor: owner) }
        return stored
    }

    // MARK: Transfer

    private func download(_ manifest: RemoteManifest, by session: RegistrySession, into staging: String) async throws {
        let missing = Set(manifest.layers).filter { layer in
            access(store.layout.blob(layer.digest), F_OK) != 0 && access("\(staging)/\(layer.digest.hex)", F_OK) != 0
        }
        progress(.resolved(layers: missing.count, bytes: missing.reduce(0) { $0 + $1.size }))
        try await download(manifest.config, by: session, into: staging) { _ in }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, layer) in missing.sorted(by: { $0.size > $1.size }).enumerated() {
                if index >= Self.parallelLayers { try await group.next() }
                group.addTask { [progress] in
                    try await download(layer, by: session, into: staging) {
                        progress(.transferred(layer: layer.digest, bytes: $0, of: layer.size))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func download(
        _ blob: OCIDescriptor, by session: RegistrySession, into staging: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws {
        guard (0...store.limits.bytes).contains(blob.size) else {
            throw ImagePullError.malformed(
                reference, reason: "blob \(blob.digest) has \(blob.size) bytes; \(store.limits.bytes) are the limit")
        }
        try await BlobDownload(
            session: session, descriptor: blob, path: "\(staging)/\(blob.digest.hex)", progress: progress
        ).run()
    }

    // MARK: Into the store

    private func install(
        _ manifest: RemoteManifest, from staging: String, givenFor owner: RegistryCredential?
    ) async throws -> StoredImage {
        try replaceFile(manifest.digest.hex, in: staging, with: manifest.bytes)
        return try await store.whileLocked {
            // What the store has already takes part as if it had been transferred: by another name of the same file.
            for layer in manifest.layers { try link(layer, from: store.layout, into: staging) }
            let archive = StagedArchive(directory: staging, contents: StagedFiles())
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
            // Before it is there under its name: never for more people than the registry gives it to.
            if owner != nil { try store.noteAccess(reference, manifest.config.digest, givenFor: owner) }
            let installation = ImageInstallation(archive: archive, store: store, origin: reference.familiar)
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
