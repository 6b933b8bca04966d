import Glibc
import Linux

/// The store's names: one small file each, so that looking one up reads one small file.
struct ReferenceIndex: Sendable {
    let layout: StoreLayout

    /// The record under a name; nil when there is none.
    func record(_ reference: ImageReference) throws -> ImageRecord? {
        try record(file: StoreLayout.recordName(reference))
    }

    /// All records.
    func records() throws -> [ImageRecord] {
        guard access(layout.references, F_OK) == 0 else { return [] }
        return try Descriptor.open(layout.references, O_RDONLY | O_DIRECTORY).names()
            .filter { $0.hasSuffix(".json") && !$0.hasPrefix(StoreLayout.temporaryPrefix) }
            .compactMap(record(file:))
    }

    /// Puts a record under its name; one that is there already stays untouched.
    func put(_ record: ImageRecord) throws {
        let name = StoreLayout.recordName(record.reference)
        // A record that cannot be read is no reason not to replace it.
        if let present = try? self.record(file: name), present == record { return }
        try replaceFile(name, in: layout.references, with: try JSON.encode(record))
    }

    /// Removes a record for good.
    func remove(_ record: ImageRecord) throws {
        let path = "\(layout.references)/\(StoreLayout.recordName(record.reference))"
        if unlink(path) != 0, errno != ENOENT { throw SystemError("unlink", path) }
        // Last: an image is never there for more people than before.
        unlink("\(layout.references)/\(StoreLayout.accessName(record.reference))")
        try syncDirectory(layout.references)
    }

    /// The record in one file of the index; nil when it is gone.
    func record(file: String) throws -> ImageRecord? {
        let path = "\(layout.references)/\(file)"
        guard let bytes = try contents(path) else { return nil }
        do {
            return try JSON.decode(ImageRecord.self, from: bytes)
        } catch {
            throw ImageStoreError.storeUnusable(
                store: layout.root, reason: "\(path) is damaged (\(error)); remove it and import its image again")
        }
    }

    private func contents(_ path: String) throws(SystemError) -> [UInt8]? {
        do {
            return try Descriptor.open(path, O_RDONLY | O_NOFOLLOW).readToEnd(limit: 8 << 20)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}
