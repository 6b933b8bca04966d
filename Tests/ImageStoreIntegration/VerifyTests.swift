import Linux
import Testing

@testable import ImageStore

@Suite("Looking after a store")
struct VerifyTests {
    private func stored() async throws -> (Workspace, StoredImage) {
        let workspace = try await PullTests.made()
        let image = try #require(
            try await workspace.store().importArchive("\(workspace.path)/docker.tar").first)
        return (workspace, image)
    }

    @Test("a sound store is found sound, and nothing is left over")
    func sound() async throws {
        let (workspace, _) = try await stored()

        let found = try await workspace.store().verify()

        #expect(found.images == 1)
        #expect(found.bytes > 3_000_000)
        #expect(found.damages == [])
        #expect(found.leftovers == [])
    }

    @Test(
        "every damage is named with its image",
        arguments: [
            ("printf x >> \"$(ls -S store/blobs/sha256/* | head -1)\"", "has the digest"),
            ("rm \"$(ls -S store/blobs/sha256/* | head -1)\"", "is missing"),
            ("rm -r \"$(ls -d store/layers/* | head -1)\"", "is not unpacked"),
            ("echo x > \"$(ls store/references/*.json)\"", "is damaged"),
        ])
    func damaged(script: String, words: String) async throws {
        let (workspace, _) = try await stored()
        try await workspace.shell(script)

        let found = try await workspace.store().verify()

        #expect(found.images == 0)
        #expect(found.damages.count == 1)
        #expect(found.damages.first?.contains(words) == true, "\(found.damages)")
    }

    @Test("what no image needs is told, and pruned; a trial changes nothing")
    func pruned() async throws {
        let (workspace, image) = try await stored()
        let store = workspace.store()
        let stray = String(repeating: "a", count: 64)
        try await workspace.shell("mkdir store/layers/\(stray) store/.tmp-left && touch store/blobs/sha256/\(stray)")
        #expect(try await store.verify().leftovers.count == 3)

        let trial = try await store.prune(keeping: [], isTrial: true) { _ in true }
        #expect(trial.names == [image.reference])
        #expect(trial.bytes > 3_000_000)
        #expect(try store.image(image.reference) == image)

        let kept = try await store.prune(keeping: []) { _ in false }
        #expect(kept.names == [])
        #expect(try await store.verify().leftovers == [])
        #expect(try await store.verify().images == 1)

        let used = try await store.prune(keeping: [image.imageID]) { _ in true }
        #expect(used.names == [image.reference])
        #expect(try await workspace.shell("ls store/layers | wc -l").hasPrefix("2"))

        _ = try await store.prune(keeping: []) { _ in true }
        #expect(
            try await workspace.shell("find store/layers store/blobs store/references -mindepth 1 -not -name sha256")
                == "")
    }
}
