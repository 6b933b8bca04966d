import Glibc
import Linux

extension ImageStore {
    /// A small blob: a manifest or a configuration.
    func storedBytes(of digest: Digest) throws(SystemError) -> [UInt8] {
        try Descriptor.open(layout.blob(digest), O_RDONLY | O_NOFOLLOW).readToEnd(limit: 8 << 20)
    }
}

extension ImageRecord {
    /// The digest of its manifest; nil when it came without one, or a record of an older version does not tell.
    var manifest: Digest? {
        // What it is made of: a manifest if it has one, its configuration, its layers.
        guard let blobs, blobs.count == diffIDs.count + 2 else { return nil }
        return blobs.first
    }

    /// The blobs of its layers, bottom first; nil when a record of an older version does not tell.
    var layerBlobs: [Digest]? { blobs.map { Array($0.suffix(diffIDs.count)) } }
}
