import Testing

@testable import ImageStore

@Suite("Image records")
struct ImageRecordTests {
    @Test("a layer that an image has twice is stacked once, where it is uppermost")
    func repeatedLayers() throws {
        let (a, b) = (Digest(of: [1]), Digest(of: [2]))
        let record = try record(diffIDs: [a, b, a])

        let image = record.stored(in: StoreLayout(root: "/s"))

        #expect(image.layers == ["/s/layers/\(b.hex)", "/s/layers/\(a.hex)"])
    }

    @Test("a record survives its JSON")
    func coding() throws {
        let record = try record(diffIDs: [Digest(of: [1])])

        #expect(try JSON.decode(ImageRecord.self, from: JSON.encode(record)) == record)
    }

    private func record(diffIDs: [Digest]) throws -> ImageRecord {
        ImageRecord(
            reference: try ImageReference(parsing: "app"), imageID: Digest(of: []), config: ImageConfig(cmd: ["run"]),
            diffIDs: diffIDs, size: 1, created: nil, blobs: nil)
    }
}
