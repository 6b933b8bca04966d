import Glibc
import Linux

/// Removes what imports left behind that were killed. The caller holds the store's lock.
///
/// A locked one is still worked on: by a pull, or by a worker that dies with its agent, but not in the same instant. It
/// is left to the next clean-up.
func removeLeftovers(in layout: StoreLayout) throws {
    for parent in [layout.root, layout.layers, layout.references] {
        let names = try Descriptor.open(parent, O_RDONLY | O_DIRECTORY).names()
        for name in names where name.hasPrefix(StoreLayout.temporaryPrefix) {
            let path = "\(parent)/\(name)"
            let leftover = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW)
            if try leftover.tryLock() { try removeTree(path) }
        }
    }
}
