import Crypto
import Glibc
import Linux
import NIOPosix

/// What a look at every byte of a store found.
public struct StoreVerification: Sendable, Hashable {
    /// How many images were found sound.
    public internal(set) var images = 0
    /// How many bytes of blobs were read.
    public internal(set) var bytes: Int64 = 0
    /// One full sentence for each thing that is wrong.
    public internal(set) var damages: [String] = []
    /// Files and directories that no image needs: left by work that was cut short; `image prune` removes them.
    public internal(set) var leftovers: [String] = []
}

extension ImageStore {
    /// Reads every blob of the store and compares it with its digest; looks for layers that are missing and for what is
    /// left over. Changes nothing.
    ///
    /// - Throws: `ImageStoreError.storeUnusable` when the store cannot be read at all.
    public func verify() async throws -> StoreVerification {
        try await NIOThreadPool.singleton.runIfActive {
            guard access(self.layout.references, F_OK) == 0 else { return StoreVerification() }
            do {
                var verification = VerifyStore(self)
                return try verification.run()
            } catch let error as SystemError {
                throw ImageStoreError.storeUnusable(store: self.layout.root, reason: "\(error)")
            }
        }
    }
}

private struct VerifyStore {
    private let layout: StoreLayout
    private let references: ReferenceIndex
    private var found = StoreVerification()
    /// Blobs that were read already, with what is wrong with them.
    private var read: [Digest: String?] = [:]

    init(_ store: ImageStore) {
        layout = store.layout
        references = store.references
    }

    mutating func run() throws -> StoreVerification {
        var layers: Set<String> = []
        var isComplete = true
        for name in try names(in: layout.references)
        where name.hasSuffix(".json") && !name.hasPrefix(StoreLayout.temporaryPrefix) {
            do {
                guard let record = try references.record(file: name) else { continue }
                layers.formUnion(record.diffIDs.map(\.hex))
                isComplete = isComplete && record.blobs != nil
                try check(record)
            } catch let error as ImageStoreError { found.damages.append(error.description) }
        }
        if found.damages.isEmpty { try findLeftovers(layers: layers, knowsBlobs: isComplete) }
        return found
    }

    private mutating func check(_ record: ImageRecord) throws {
        var damages = record.diffIDs.filter { !isDirectory(layout.layer($0)) }.map { "its layer \($0) is not unpacked" }
        for blob in record.blobs ?? [record.imageID] {
            if let damage = try damage(of: blob) { damages.append(damage) }
        }
        if damages.isEmpty { found.images += 1 }
        found.damages += Set(damages).sorted().map {
            "image \(record.reference.familiar) is damaged: \($0). Remove it and get it again."
        }
    }

    /// What is wrong with a blob; nil for nothing.
    private mutating func damage(of digest: Digest) throws -> String? {
        if let known = read[digest] { return known }
        let found = try digestOfFile(layout.blob(digest))
        let damage: String? =
            switch found {
            case digest: nil
            case let other?: "its blob \(digest) has the digest \(other)"
            case nil: "its blob \(digest) is missing"
            }
        read[digest] = .some(damage)
        return damage
    }

    private mutating func digestOfFile(_ path: String) throws -> Digest? {
        let file: Descriptor
        do throws(SystemError) { file = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let raw = file.raw
        while true {
            let count = try buffer.withUnsafeMutableBytes { bytes in
                try retrying("read", path) { Glibc.read(raw, bytes.baseAddress, bytes.count) }
            }
            if count == 0 { return Digest(hash.finalize()) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            found.bytes += Int64(count)
        }
    }

    private mutating func findLeftovers(layers: Set<String>, knowsBlobs: Bool) throws {
        for parent in [layout.root, layout.layers, layout.references] {
            for name in try names(in: parent) where name.hasPrefix(StoreLayout.temporaryPrefix) {
                // What is locked is being worked on.
                let isFree = try? Descriptor.open("\(parent)/\(name)", O_RDONLY | O_NOFOLLOW).tryLock()
                if isFree == true { found.leftovers.append("\(parent)/\(name)") }
            }
        }
        found.leftovers += try names(in: layout.layers)
            .filter { Digest(hex: $0) != nil && !layers.contains($0) }.map { "\(layout.layers)/\($0)" }
        guard knowsBlobs else { return }
        let known = Set(read.keys.map(\.hex))
        found.leftovers += try names(in: layout.blobs).filter { !known.contains($0) }.map { "\(layout.blobs)/\($0)" }
    }

    private func names(in directory: String) throws(SystemError) -> [String] {
        try Descriptor.open(directory, O_RDONLY | O_DIRECTORY).names().sorted()
    }

    private func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR)
    }
}
