import Glibc
import Linux

/// What came of a clean-up.
public struct PrunedImages: Sendable, Hashable {
    /// The names that are no more, sorted.
    public let names: [ImageReference]
    /// Bytes of blobs that went, or would go; what was unpacked comes on top of it.
    public let bytes: Int64
}

extension ImageStore {
    /// Removes images by their names, and what no other name needs; and what work left behind that was cut short.
    ///
    /// - Parameters:
    ///   - isUnwanted: whether a name is to go; asked while nobody changes the store.
    ///   - used: ids of images that containers run from, whatever they are called now; their layers stay.
    ///   - isTrial: whether to change nothing.
    /// - Throws: `ImageStoreError`, or `CancellationError`.
    public func prune(
        keeping used: Set<ImageID>, isTrial: Bool = false, _ isUnwanted: @Sendable (StoredImage) -> Bool
    ) async throws -> PrunedImages {
        do {
            guard access(layout.root, F_OK) == 0 else { return PrunedImages(names: [], bytes: 0) }
            try layout.prepare()
            return try await whileLocked {
                let records = try references.records()
                let unwanted = records.filter { isUnwanted($0.stored(in: layout)) }
                let kept = records.filter { !unwanted.contains($0) }
                let blobs = Set(unwanted.flatMap { $0.blobs ?? [] })
                    .subtracting(kept.flatMap { $0.blobs ?? [] }).subtracting(used)
                let bytes = blobs.reduce(into: Int64(0)) { $0 += size(of: $1) }
                if !isTrial {
                    try removeLeftovers(in: layout)
                    for record in unwanted { try references.remove(record) }
                    try StoreSweep(layout: layout, named: kept, used: used).run()
                }
                let names = unwanted.map(\.reference).sorted { $0.description < $1.description }
                return PrunedImages(names: names, bytes: bytes)
            }
        } catch let error as SystemError {
            throw ImageStoreError.storeUnusable(store: layout.root, reason: "\(error)")
        }
    }

    private func size(of digest: Digest) -> Int64 {
        var status = stat()
        return stat(layout.blob(digest), &status) == 0 ? Int64(status.st_size) : 0
    }
}
