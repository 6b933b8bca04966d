import Glibc
import Linux

/// The node's images: blobs by digest, layers unpacked once, names.
///
/// Reading needs no lock and never waits: everything in the store appears whole. Imports take the store's lock, so
/// that several processes may import side by side.
public struct ImageStore: Sendable {
    let layout: StoreLayout
    let worker: WorkerCommand
    let limits: UnpackLimits

    var references: ReferenceIndex { ReferenceIndex(layout: layout) }

    /// A store in a directory.
    ///
    /// - Parameters:
    ///   - root: the directory, absolute; the first import makes it in its parent. It must be on a file system that
    ///     overlayfs takes.
    ///   - worker: the program that ends up in `UnpackWorker.run()`.
    ///   - limits: how much an archive may hold.
    public init(root: String, worker: WorkerCommand, limits: UnpackLimits = UnpackLimits()) {
        layout = StoreLayout(root: root)
        self.worker = worker
        self.limits = limits
    }

    /// The image stored under a name; nil when there is none.
    ///
    /// Cheap enough for the start of every container: reads one small file.
    ///
    /// - Throws: `ImageStoreError.storeUnusable`.
    public func image(_ reference: ImageReference) throws -> StoredImage? {
        try reading { try references.record(reference)?.stored(in: layout) }
    }

    /// Whether an image is stored under a name. Cheaper than `image`: reads nothing.
    public func has(_ reference: ImageReference) -> Bool {
        access("\(layout.references)/\(StoreLayout.recordName(reference))", F_OK) == 0
    }

    /// Tells which names came, went or changed their image, whoever brought it about.
    ///
    /// - Parameter poller: the process's one.
    /// - Throws: `SystemError`.
    public func changes(heardBy poller: Poller) throws -> AsyncStream<Void> {
        try layout.prepare()
        let watch = try DirectoryWatch()
        try watch.add(layout.references)
        let (changes, report) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let stream = try watch.changes(heardBy: poller)
        let task = Task {
            for await entries in stream where entries.contains(where: \.isOfName) { report.yield() }
            report.finish()
        }
        report.onTermination = { _ in task.cancel() }
        return changes
    }

    /// All images, by name. An image with two names occurs twice.
    ///
    /// - Throws: `ImageStoreError.storeUnusable`.
    public func images() throws -> [StoredImage] {
        try reading { try references.records() }.map { $0.stored(in: layout) }
            .sorted { $0.reference.description < $1.reference.description }
    }

    /// Imports the images of a docker archive (`docker save`) or an OCI layout (a directory, or a tar of one), and
    /// unpacks their layers. Tars may be plain, gzip or zstd.
    ///
    /// Safe to repeat, and to kill at any instant: an image is stored, wholly, or it is not.
    ///
    /// - Parameters:
    ///   - path: the archive.
    ///   - name: what to call the archive's only image; nil takes the names that the archive carries.
    /// - Returns: the images as stored, one for each name.
    /// - Throws: `ImageStoreError`, or `CancellationError`.
    public func importArchive(_ path: String, as name: ImageReference? = nil) async throws -> [StoredImage] {
        do {
            return try await ImageImport(path: path, name: name, store: self).run()
        } catch let error as SystemError {
            throw ImageStoreError.storeUnusable(store: layout.root, reason: "\(error)")
        } catch StagedArchive.Problem.notAnImage(let reason) {
            throw ImageStoreError.notAnImage(path: path, reason: reason)
        } catch StagedArchive.Problem.refused(let reason) {
            throw ImageStoreError.refused(path: path, reason: reason)
        }
    }

    /// Tells what the file system said in the store's own words.
    func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as SystemError {
            throw ImageStoreError.storeUnusable(store: layout.root, reason: "\(error)")
        }
    }
}

extension ImageStore {
    /// Pulls an image from its registry, or a mirror of it, and unpacks its layers. What the store has already is not
    /// transferred again.
    ///
    /// Safe to repeat, and to kill at any instant: an image is stored, wholly, or it is not.
    ///
    /// - Parameters:
    ///   - progress: told how far it is, from any thread.
    /// - Returns: the image as stored under `reference`.
    /// - Throws: `ImagePullError`, `ImageStoreError`, or `CancellationError`.
    public func pull(
        _ reference: ImageReference, from registries: RegistryClient,
        credentials: any RegistryCredentials = AnonymousAccess(),
        progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws -> StoredImage {
        do {
            return try await ImagePull(
                reference: reference, store: self, registries: registries, credentials: credentials, progress: progress
            ).run()
        } catch let error as SystemError {
            throw ImageStoreError.storeUnusable(store: layout.root, reason: "\(error)")
        }
    }
}

extension DirectoryWatch.Change {
    /// Whether a name may have changed: unfinished work is none.
    fileprivate var isOfName: Bool {
        guard case .entry(_, let name) = self else { return true }
        return !name.hasPrefix(StoreLayout.temporaryPrefix)
    }
}
