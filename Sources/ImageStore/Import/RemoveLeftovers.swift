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
            if try leftover.tryLock(), try parent != layout.root || !isUnpackedInto(path) { try removeTree(path) }
        }
    }
}

/// Whether a worker is still at a layer in a staging directory.
private func isUnpackedInto(_ path: String) throws -> Bool {
    let names: [String]
    do throws(SystemError) { names = try Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).names() } catch {
        // A file: nobody unpacks into that.
        if error.code == ENOTDIR { return false }
        throw error
    }
    return try names.contains { name in
        guard name.hasSuffix(StagedArchive.unpackedSuffix) else { return false }
        return try !Descriptor.open("\(path)/\(name)", O_RDONLY | O_NOFOLLOW).tryLock()
    }
}
