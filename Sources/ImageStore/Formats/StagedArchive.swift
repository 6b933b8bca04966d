import Glibc
import Linux

/// An archive whose files lie in a staging directory, each under its digest: what formats are read from.
struct StagedArchive: Sendable {
    /// Why the files are no image, or not an acceptable one.
    enum Problem: Error {
        /// Something that every image has is missing or unreadable.
        case notAnImage(String)
        /// The parts contradict each other.
        case refused(String)
    }

    /// The directory with the files.
    let directory: String
    /// What the worker found.
    let contents: StagedFiles

    /// Manifests and configurations above this size are no honest ones (the registry's own limit is 4 MiB).
    static let jsonLimit: Int64 = 4 << 20

    /// The file called `name` in the archive, or that the link of this name leads to.
    func file(_ name: String) -> StagedFiles.File? {
        var name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        // A link to a link occurs; a chain this long does not.
        for _ in 0..<8 {
            if let file = contents.files[name] { return file }
            guard let target = contents.links[name] else { return nil }
            name = target
        }
        return nil
    }

    /// The file called `name`, which `referrer` speaks of.
    func file(_ name: String, namedBy referrer: String) throws -> StagedFiles.File {
        guard let file = file(name) else {
            throw Problem.notAnImage("its \(referrer) names \(quoted(name.utf8)), which is not in it")
        }
        return file
    }

    /// Reads a small JSON file; `what` names it in messages.
    func json<Value: Decodable>(_ type: Value.Type, _ file: StagedFiles.File, _ what: String) throws -> Value {
        let bytes = try bytes(file, what)
        do {
            return try JSON.decode(type, from: bytes)
        } catch {
            throw Problem.notAnImage("its \(what) is malformed: \(error)")
        }
    }

    /// Where a file of the archive lies.
    func path(_ file: StagedFiles.File) -> String { "\(directory)/\(file.digest.hex)" }

    /// Where a layer of it is that was unpacked ahead of its place in the store.
    func unpacked(_ diffID: Digest) -> String { "\(directory)/\(diffID.hex)\(StagedArchive.unpackedSuffix)" }

    /// What the names of such directories end with.
    static let unpackedSuffix = ".layer"

    private func bytes(_ file: StagedFiles.File, _ what: String) throws -> [UInt8] {
        guard file.size <= StagedArchive.jsonLimit else {
            throw Problem.refused(
                "its \(what) has \(file.size) bytes; more than \(StagedArchive.jsonLimit) are not read")
        }
        return try Descriptor.open(path(file), O_RDONLY | O_NOFOLLOW).readToEnd(limit: Int(StagedArchive.jsonLimit))
    }
}
