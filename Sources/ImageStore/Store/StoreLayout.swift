import Glibc
import Linux

/// Where things lie in an image store.
///
///     blobs/sha256/<hex>     manifests, configurations and layers as they came
///     layers/<diff id>/      each layer unpacked once: a lowerdir of overlayfs
///     references/<hex>.json  one record per image name, called after the name's digest
///     references/<hex>.access  whose credentials it was given for, where it is not everybody's
///     preloaded.json         which archives of a directory were imported
///     lock                   held by whoever changes the store
///
/// Everything appears by rename, whole; what starts with `.tmp-` is an unfinished work, to be removed by the next.
struct StoreLayout: Sendable, Hashable {
    /// The store's directory, absolute.
    let root: String

    var blobs: String { "\(root)/blobs/sha256" }
    var layers: String { "\(root)/layers" }
    var references: String { "\(root)/references" }
    var lock: String { "\(root)/lock" }

    func blob(_ digest: Digest) -> String { "\(blobs)/\(digest.hex)" }
    func layer(_ diffID: Digest) -> String { "\(layers)/\(diffID.hex)" }

    /// The file name of a reference's record: names may be longer than a file name, digests are not.
    static func recordName(_ reference: ImageReference) -> String {
        Digest(of: Array(reference.identity.utf8)).hex + ".json"
    }

    /// The file name of what is noted about who may use an image.
    static func accessName(_ reference: ImageReference) -> String {
        Digest(of: Array(reference.identity.utf8)).hex + ".access"
    }

    static let temporaryPrefix = ".tmp-"

    /// Makes the directories that are missing, open to root alone.
    func prepare() throws(SystemError) {
        for directory in [root, "\(root)/blobs", blobs, layers, references] {
            if mkdir(directory, 0o700) != 0 && errno != EEXIST { throw SystemError("mkdir", directory) }
        }
    }

    /// Makes a directory for unfinished work, beside where the result will be.
    func makeTemporary(in directory: String) throws(SystemError) -> String {
        let path = "\(directory)/\(StoreLayout.temporaryPrefix)\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        try retrying("mkdir", path) { mkdir(path, 0o755) }
        return path
    }
}
