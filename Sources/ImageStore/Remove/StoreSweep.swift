import Glibc
import Linux

/// Finds what of a store no name needs, and removes it. The caller holds the store's lock.
struct StoreSweep {
    private let layout: StoreLayout
    private let layers: Set<String>
    /// Nil when it cannot be said: records of older versions do not list their blobs.
    private let blobs: Set<String>?

    /// Looks at what is needed.
    ///
    /// - Parameters:
    ///   - named: every record of the store.
    ///   - used: ids of images that containers run from.
    init(layout: StoreLayout, named: [ImageRecord], used: Set<Digest> = []) throws {
        self.layout = layout
        var layers = Set(named.flatMap(\.diffIDs).map(\.hex))
        for id in used { layers.formUnion(try Self.layers(of: id, in: layout)) }
        self.layers = layers
        let lists = named.map(\.blobs)
        blobs = lists.contains(nil) ? nil : Set((lists.compactMap(\.self).flatMap(\.self) + used).map(\.hex))
    }

    /// Removes all that is not needed.
    func run() throws {
        try run(
            layers: Descriptor.open(layout.layers, O_RDONLY | O_DIRECTORY).names(),
            blobs: Descriptor.open(layout.blobs, O_RDONLY | O_DIRECTORY).names())
    }

    /// Removes those of the given layers and blobs that are not needed.
    func run(layers candidates: [String], blobs candidateBlobs: [String]) throws {
        for name in candidates where Digest(hex: name) != nil && !layers.contains(name) {
            // Out of its place in one step: a layer is there as a whole, or is not.
            let doomed = "\(layout.layers)/\(StoreLayout.temporaryPrefix)\(name)"
            if rename("\(layout.layers)/\(name)", doomed) != 0, errno != ENOENT {
                throw SystemError("rename", "\(layout.layers)/\(name)")
            }
            try removeTree(doomed)
        }
        guard let blobs else { return }
        for name in candidateBlobs where Digest(hex: name) != nil && !blobs.contains(name) {
            if unlink("\(layout.blobs)/\(name)") != 0, errno != ENOENT {
                throw SystemError("unlink", "\(layout.blobs)/\(name)")
            }
        }
    }

    /// The layers of an image that may have lost its names, by its configuration.
    private static func layers(of id: Digest, in layout: StoreLayout) throws -> [String] {
        let path = layout.blob(id)
        do {
            let bytes = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW).readToEnd(limit: 8 << 20)
            return try JSON.decode(ConfigFile.self, from: bytes).rootfs.diffIDs.map(\.hex)
        } catch {
            throw ImageStoreError.storeUnusable(
                store: layout.root,
                reason: "a container runs from image \(id), whose configuration cannot be read (\(error)); nothing was "
                    + "removed but the name")
        }
    }
}
