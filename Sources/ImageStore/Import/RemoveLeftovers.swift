import Glibc
import Linux

/// Removes what imports left behind that were killed. The caller holds the store's lock.
///
/// A worker dies with its agent, but not in the same instant: its directory is locked until it is gone.
func removeLeftovers(in layout: StoreLayout) async throws {
    for parent in [layout.root, layout.layers, layout.references] {
        let names = try Descriptor.open(parent, O_RDONLY | O_DIRECTORY).names()
        for name in names where name.hasPrefix(StoreLayout.temporaryPrefix) {
            let path = "\(parent)/\(name)"
            let leftover = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW)
            guard try await leftover.lock(within: .seconds(10)) else { throw ImageStoreError.busy(store: layout.root) }
            try removeTree(path)
        }
    }
}
