import ImageStore
import Manifests
import Testing

@testable import NodeRuntime

@Suite("Which tags are looked up, and when they have moved")
struct TagLookupTests {
    private func digest(_ digit: Character) throws -> ManifestDigest {
        try #require(ManifestDigest(hex: String(repeating: digit, count: 64)))
    }

    private func image(_ name: String, isImported: Bool) throws -> StoredImage {
        let pulled = try digest("a")
        return StoredImage(
            reference: try ImageReference(parsing: name), imageID: pulled, config: ImageConfig(), layers: [], size: 1,
            origin: isImported ? nil : ImageOrigin(nameDigest: pulled, signedBy: nil))
    }

    @Test(
        "a registry is asked about what was pulled from it by tag, never about what was imported",
        arguments: [
            ("app:1", false, "docker.io/library/app:1"), ("registry.lan/app", false, "registry.lan/app:latest"),
            ("app:1", true, nil), ("app@sha256:" + String(repeating: "a", count: 64), false, nil),
            ("No Name", false, nil),
        ] as [(String, Bool, String?)])
    func asked(name: String, isImported: Bool, tag: String?) {
        let container = Container(name: "a", image: name)

        let found = TagLookup.tag(of: container) { try? image($0.description, isImported: isImported) }

        #expect(found?.description == tag)
        #expect(TagLookup.tag(of: container, here: { _ in nil }) == nil, "it is not here")
    }

    @Test("a tag has moved away from a pulled image alone, and only when it leads elsewhere")
    func moved() throws {
        #expect(try !image("app:1", isImported: false).isBehind(digest("a")))
        #expect(try image("app:1", isImported: false).isBehind(digest("b")))
        #expect(try !image("app:1", isImported: true).isBehind(digest("b")))
    }
}
