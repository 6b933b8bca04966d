import Glibc
import Linux
import Synchronization

/// The layers of a pull, each unpacked in the staging directory while it comes: nothing of it is visible in the store before
/// its blob and what came out of it are what their digests promise.
final class ArrivingLayers: Sendable {
    private let image: ArchivedImage
    private let archive: StagedArchive
    private let store: ImageStore
    private let session: RegistrySession
    private let state: Mutex<State>

    private struct State {
        var awaited: Int
        var begun: Set<Digest> = []
    }

    /// - Parameter count: how many layers are to come.
    init(
        of image: ArchivedImage, awaiting count: Int, in archive: StagedArchive, store: ImageStore,
        session: RegistrySession
    ) {
        self.image = image
        self.archive = archive
        self.store = store
        self.session = session
        state = Mutex(State(awaited: count))
    }

    /// Downloads a blob and unpacks what is in it, unless the store has that unpacked or somebody is at it.
    ///
    /// - Parameter allArrived: called once it has come and no other is awaited any more.
    /// - Throws: `ImagePullError`, `ImageStoreError`, `SystemError`, `CancellationError`.
    func take(_ download: BlobDownload, allArrived: @escaping @Sendable () -> Void) async throws {
        let layers = image.layers.filter { $0.blob.digest == download.descriptor.digest && begin($0.diffID) }
        guard let first = layers.first else {
            try await download.run()
            if isLast() { allArrived() }
            return
        }
        try await unpack(first, from: download, allArrived: allArrived)
        // A configuration that has two digests for what is in one blob: one of them is wrong.
        for layer in layers.dropFirst() {
            try await store.unpack(layer, from: archive, into: made(layer), about: source)
        }
    }

    private var source: String { session.image.familiar }

    private func begin(_ diffID: Digest) -> Bool {
        if access(store.layout.layer(diffID), F_OK) == 0 || access(archive.unpacked(diffID), F_OK) == 0 { return false }
        return state.withLock { $0.begun.insert(diffID).inserted }
    }

    /// Notes that a blob has come; true for the last one.
    private func isLast() -> Bool {
        state.withLock { state in
            state.awaited -= 1
            return state.awaited == 0
        }
    }

    private func made(_ layer: ArchivedImage.Layer) throws(SystemError) -> String {
        let directory = archive.unpacked(layer.diffID)
        try retrying("mkdir", directory) { mkdir(directory, 0o755) }
        return directory
    }

    // MARK: Both at once

    private enum Event {
        case arrived, unpacked
        /// The bytes made no sense to the worker, and why.
        case unsound(String)
    }

    /// Whichever fails ends the other.
    private func unpack(
        _ layer: ArchivedImage.Layer, from download: BlobDownload, allArrived: @escaping @Sendable () -> Void
    ) async throws {
        let directory = try made(layer)
        let arrival = try BlobArrival()
        // Before the worker starts: it opens the file.
        let file = try download.begin(followedBy: arrival)
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                try await download.run(into: file)
                if self.isLast() { allArrived() }
                return .arrived
            }
            group.addTask { try await self.unpack(layer, into: directory, following: arrival, to: file) }
            var (hasArrived, isUnpacked, complaint) = (false, false, String?.none)
            while !(hasArrived && isUnpacked), let event = try await group.next() {
                switch event {
                case .unpacked: isUnpacked = true
                case .unsound(let reason): complaint = reason
                case .arrived:
                    hasArrived = true
                    group.addTask { try await self.giveUp() }
                }
                guard hasArrived, let reason = complaint else { continue }
                // Had it been damaged on its way, its digest would have said so.
                guard file.wasRewound else { throw refusal(of: layer, reason) }
                complaint = nil
                group.addTask { try await self.unpackAnew(layer, into: directory) }
            }
            group.cancelAll()
        }
    }

    private func unpack(
        _ layer: ArchivedImage.Layer, into directory: String, following arrival: BlobArrival, to file: BlobFile
    ) async throws -> Event {
        do {
            // As long as the download, which has deadlines of its own.
            try await store.unpack(
                layer, from: archive, into: directory, about: source, following: arrival, within: .seconds(1 << 30))
            return .unpacked
        } catch ImageStoreError.damaged(_, let reason) {
            return .unsound(reason)
        } catch ImageStoreError.refused(_, let reason) {
            // What it has read may be of a transfer that broke off, and be otherwise in the next.
            if file.wasRewound { return .unsound(reason) }
            // Whatever else comes: there is no use in it.
            throw refusal(of: layer, reason)
        }
    }

    /// Unpacks a blob that has come, wholly and right.
    private func unpackAnew(_ layer: ArchivedImage.Layer, into directory: String) async throws -> Event {
        try removeTree(directory)
        _ = try made(layer)
        do {
            try await store.unpack(layer, from: archive, into: directory, about: source)
            return .unpacked
        } catch ImageStoreError.damaged(_, let reason) {
            throw refusal(of: layer, reason)
        } catch ImageStoreError.refused(_, let reason) {
            throw refusal(of: layer, reason)
        }
    }

    private func refusal(of layer: ArchivedImage.Layer, _ reason: String) -> ImagePullError {
        .refused(
            session.image, registry: session.endpoint.authority, reason: "blob \(layer.blob.digest): \(reason)")
    }

    /// Ends the unpacking of a blob that has come, after a while.
    private func giveUp() async throws -> Event {
        try await Task.sleep(for: ImageStore.patience)
        throw ImageStoreError.workerFailed(
            path: source, reason: "its worker had not ended after \(ImageStore.patience)")
    }
}
