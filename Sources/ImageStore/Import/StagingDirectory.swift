import Glibc
import Linux

/// A directory for what is on its way into the store. Locked as long as this value lives, so that the clean-up after
/// imports that were killed leaves it alone.
final class StagingDirectory: Sendable {
    let path: String
    private let lock: Descriptor

    private init(path: String) throws(SystemError) {
        self.path = path
        lock = try Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// Makes one, while nobody cleans up.
    static func make(for store: ImageStore) async throws -> StagingDirectory {
        let layout = store.layout
        try layout.prepare()
        return try await store.whileLocked {
            try removeLeftovers(in: layout)
            let directory = try StagingDirectory(path: try layout.makeTemporary(in: layout.root))
            guard try directory.lock.tryLock() else { throw ImageStoreError.busy(store: layout.root) }
            return directory
        }
    }

    /// Removes it and all that is left in it.
    func remove() throws { try removeTree(path) }
}
