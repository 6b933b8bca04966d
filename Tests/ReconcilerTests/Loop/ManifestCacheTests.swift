import Manifests
import Testing

@testable import Reconciler

@Suite("Files are read once, as long as they stay what they are")
struct ManifestCacheTests {
    private func pod(_ name: String) -> [UInt8] {
        Array(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name)}
            spec: {containers: [{name: web, image: "nginx:1.14"}]}
            """.utf8)
    }

    private func id(_ number: UInt8) -> ContentID? { ContentID(Array(repeating: number, count: 20)) }

    /// What a revision's files hold.
    private func load(_ files: [ManifestFile], _ cache: inout ManifestCache) -> LoadedManifests {
        defer { cache.forget(allBut: files) }
        return LoadedManifests(files.map { ($0.path, cache.read($0)) })
    }

    private func names(_ loaded: LoadedManifests) -> [String] { loaded.pods.map(\.pod.metadata.name) }

    @Test("what is known by its contents is not read again, under whatever path")
    func known() {
        var cache = ManifestCache()
        _ = load([ManifestFile(path: "a.yaml", contents: pod("first"), contentID: id(1))], &cache)

        let moved = load([ManifestFile(path: "b/a.yaml", contents: pod("unread"), contentID: id(1))], &cache)

        #expect(names(moved) == ["first"])
        #expect(moved.pods.first?.position.file == "b/a.yaml")
    }

    @Test("what the revision before had no more is read anew, as is what has no id")
    func forgotten() {
        var cache = ManifestCache()
        _ = load([ManifestFile(path: "a.yaml", contents: pod("first"), contentID: id(1))], &cache)
        _ = load([], &cache)

        let again = load(
            [
                ManifestFile(path: "a.yaml", contents: pod("second"), contentID: id(1)),
                ManifestFile(path: "b.yaml", contents: pod("third")),
            ], &cache)

        #expect(names(again) == ["second", "third"])
    }

    @Test("a mistake is told each time, at the path that the file has then")
    func mistakes() {
        var cache = ManifestCache()
        let broken = Array("kind: Pod\napiVersion: v1\nbogus: 1\n".utf8)
        let first = load([ManifestFile(path: "a.yaml", contents: broken, contentID: id(2))], &cache)
        let second = load([ManifestFile(path: "b.yaml", contents: broken, contentID: id(2))], &cache)

        #expect(!first.diagnostics.isEmpty)
        #expect(second.diagnostics.map(\.message) == first.diagnostics.map(\.message))
        #expect(second.diagnostics.allSatisfy { $0.position.file == "b.yaml" })
    }
}
