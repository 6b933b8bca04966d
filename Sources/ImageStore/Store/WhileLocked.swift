import Glibc
import Linux

extension ImageStore {
    /// Runs `body` while nobody else changes the store, in this process or another one.
    ///
    /// - Throws: `ImageStoreError.busy` when somebody else works on it for long; what `body` throws.
    func whileLocked<Value>(_ body: () async throws -> Value) async throws -> Value {
        let lock = try Descriptor.open(layout.lock, O_RDWR | O_CREAT | O_NOFOLLOW)
        guard try await lock.lock(within: .seconds(600)) else { throw ImageStoreError.busy(store: layout.root) }
        return try await body()
    }
}
