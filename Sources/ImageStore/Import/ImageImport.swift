import Glibc
import Linux

/// One import, from the archive's path to records in the store.
struct ImageImport {
    let path: String
    let name: ImageReference?
    let store: ImageStore

    private var layout: StoreLayout { store.layout }

    func run() async throws -> [StoredImage] {
        try layout.prepare()
        return try await store.whileLocked {
            try removeLeftovers(in: layout)
            let staging = try layout.makeTemporary(in: layout.root)
            let result: Result<[StoredImage], any Error>
            do { result = .success(try await importStaged(in: staging)) } catch { result = .failure(error) }
            try removeTree(staging)
            return try result.get()
        }
    }

    private func importStaged(in staging: String) async throws -> [StoredImage] {
        let archive = StagedArchive(
            directory: staging,
            contents: try await store.ask(
                .stage(archive: absolute(path), directory: staging, limits: store.limits), about: path))
        let named = try name(images(of: archive))
        var stored: [StoredImage] = []
        for (image, names) in named {
            stored += try await ImageInstallation(archive: archive, store: store, source: path).install(
                image, as: names)
            for name in names { try store.forgetAccess(name) }
        }
        return stored
    }

    /// The archive's images for this machine.
    private func images(of archive: StagedArchive) throws -> [ArchivedImage] {
        let images: [ArchivedImage]
        if let docker = DockerArchive(archive) {
            images = try docker.images()
        } else if let layout = OCILayout(archive) {
            images = try layout.images(for: .current)
        } else {
            throw StagedArchive.Problem.notAnImage("it has neither a manifest.json nor an index.json")
        }
        if images.isEmpty { throw StagedArchive.Problem.notAnImage("it lists no image for \(Platform.current)") }
        let others = Set(images.compactMap(\.platform).filter { $0 != .current }.map(\.description))
        if !others.isEmpty {
            throw ImageStoreError.otherPlatform(path: path, images: others.sorted(), node: "\(Platform.current)")
        }
        return images
    }

    /// Which names each image gets.
    private func name(_ images: [ArchivedImage]) throws -> [(ArchivedImage, [ImageReference])] {
        guard let name else {
            return try images.map { image in
                if image.names.isEmpty { throw ImageStoreError.unnamed(path: path) }
                for name in image.names { try check(name, of: image) }
                return (image, image.names)
            }
        }
        guard let image = images.first, images.count == 1 else {
            throw ImageStoreError.ambiguousName(name, path: path, images: images.count)
        }
        try check(name, of: image)
        return [(image, [name])]
    }

    /// A name with a digest is a promise about the content.
    private func check(_ name: ImageReference, of image: ArchivedImage) throws {
        guard let digest = name.digest, digest != image.manifest?.digest else { return }
        throw ImageStoreError.digestNotInArchive(name, path: path, found: image.manifest?.digest)
    }

    /// The worker has another working directory.
    private func absolute(_ path: String) throws(SystemError) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let directory = getcwd(nil, 0) else { throw SystemError("getcwd") }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }
}
