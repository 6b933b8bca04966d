import Glibc
import Linux

/// What came of removing an image.
public struct RemovedImage: Sendable, Hashable {
    /// The name that is no more.
    public let reference: ImageReference
    /// The image it led to.
    public let imageID: ImageID
    /// Other names that still lead to it.
    public let otherNames: [ImageReference]
}

extension ImageStore {
    /// Removes a name, and what no other name needs: blobs and unpacked layers.
    ///
    /// Safe to repeat, and to kill at any instant: the name goes first, and what is left over then is removed by the next
    /// call. Whether the image is still needed is the caller's business.
    ///
    /// - Parameter used: ids of images that containers run from, whatever they are called now; their layers stay.
    /// - Returns: nil when there is no such name.
    /// - Throws: `ImageStoreError`, or `CancellationError`.
    public func remove(_ reference: ImageReference, keeping used: Set<ImageID>) async throws -> RemovedImage? {
        guard try image(reference) != nil else { return nil }
        do {
            return try await whileLocked {
                try removeLeftovers(in: layout)
                guard let record = try references.record(reference) else { return nil }
                let others = try references.records().filter {
                    $0.imageID == record.imageID && $0.reference != record.reference
                }
                try references.remove(record)
                try StoreSweep(layout: layout, named: references.records(), used: used).run()
                return RemovedImage(
                    reference: record.reference, imageID: record.imageID, otherNames: others.map(\.reference))
            }
        } catch let error as SystemError {
            throw ImageStoreError.storeUnusable(store: layout.root, reason: "\(error)")
        }
    }
}
