import Glibc
import Linux
import Synchronization

/// Layers of a pull that are unpacked as soon as they have come, in the staging directory, while others still come.
final class UnpackingAhead: Sendable {
    private let image: ArchivedImage
    private let archive: StagedArchive
    private let store: ImageStore
    private let source: String
    private let state: Mutex<State>

    private struct State {
        var awaited: Int
        var begun: Set<Digest> = []
    }

    /// - Parameters:
    ///   - count: how many layers are to come.
    ///   - source: where the image comes from, for messages.
    init(of image: ArchivedImage, awaiting count: Int, in archive: StagedArchive, store: ImageStore, source: String) {
        self.image = image
        self.archive = archive
        self.store = store
        self.source = source
        state = Mutex(State(awaited: count))
    }

    /// Notes that a layer has come; true for the last one.
    func isLast() -> Bool {
        state.withLock { state in
            state.awaited -= 1
            return state.awaited == 0
        }
    }

    /// Unpacks what is in a blob, unless the store has that unpacked or somebody is at it.
    func unpack(_ blob: Digest) async throws {
        for layer in image.layers where layer.blob.digest == blob && begin(layer.diffID) {
            let directory = archive.unpacked(layer.diffID)
            try retrying("mkdir", directory) { mkdir(directory, 0o755) }
            try await store.unpack(layer, from: archive, into: directory, about: source)
        }
    }

    private func begin(_ diffID: Digest) -> Bool {
        if access(store.layout.layer(diffID), F_OK) == 0 || access(archive.unpacked(diffID), F_OK) == 0 { return false }
        return state.withLock { $0.begun.insert(diffID).inserted }
    }
}
