import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("Removing images")
struct RemoveTests {
    private static func layer(_ name: String) -> [UInt8] { Tar.of { $0.add(name, content: Array(name.utf8)) } }

    private func imported(_ archives: [(tags: [String], layers: [String])]) async throws -> (Workspace, ImageStore) {
        let workspace = try Workspace()
        for archive in archives {
            try workspace.write(dockerArchive(archive.layers.map(Self.layer), tags: archive.tags), to: "a.tar")
            _ = try await workspace.store().importArchive("\(workspace.path)/a.tar")
        }
        return (workspace, workspace.store())
    }

    private func layers(_ workspace: Workspace) async throws -> Int {
        Int(try await workspace.shell("find store/layers -mindepth 1 -maxdepth 1 | wc -l | tr -d ' \\n'")) ?? -1
    }

    @Test("what no other image needs goes with the name, and the rest stays whole")
    func unshared() async throws {
        let (workspace, store) = try await imported([(["a:1"], ["base", "top"]), (["b:1"], ["base"])])

        let removed = try await store.remove(ImageReference(parsing: "a:1"), keeping: [])

        #expect(removed?.otherNames == [])
        #expect(try store.images().map(\.reference.familiar) == ["b:1"])
        #expect(try await layers(workspace) == 1)
        let image = try #require(try store.images().first)
        #expect(try await workspace.stacked(image) == ["base"])
        try await workspace.verify()
        // A configuration and a layer.
        #expect(try await workspace.shell("ls store/blobs/sha256 | wc -l | tr -d ' \\n'") == "2")
        _ = try await store.remove(ImageReference(parsing: "b:1"), keeping: [])
        #expect(try await workspace.shell("find store -mindepth 2 -not -name sha256") == "")
    }

    @Test("an image with another name stays, and says so")
    func otherName() async throws {
        let (workspace, store) = try await imported([(["a:1", "a:2"], ["base"])])

        let removed = try await store.remove(ImageReference(parsing: "a"), keeping: [])
        #expect(removed == nil)
        let untagged = try await store.remove(ImageReference(parsing: "a:1"), keeping: [])

        #expect(untagged?.otherNames.map(\.familiar) == ["a:2"])
        let image = try #require(try store.images().first)
        #expect(try await workspace.stacked(image) == ["base"])
    }

    @Test("the layers that a container runs from stay, whatever is called what by now")
    func inUse() async throws {
        let (workspace, store) = try await imported([(["a:1"], ["old"]), (["b:1"], ["other"])])
        let old = try #require(try store.image(ImageReference(parsing: "a:1")))
        // The name moves on to another image.
        try workspace.write(dockerArchive([Self.layer("new")], tags: ["a:1"]), to: "a.tar")
        _ = try await store.importArchive("\(workspace.path)/a.tar")

        _ = try await store.remove(ImageReference(parsing: "b:1"), keeping: [old.imageID])
        #expect(try await workspace.stacked(old) == ["old"])
        #expect(try await layers(workspace) == 2)
        _ = try await store.remove(ImageReference(parsing: "a:1"), keeping: [])
        #expect(try await layers(workspace) == 0)
    }

    @Test("beside records of an older version, which do not list their blobs, no blob is removed")
    func olderRecord() async throws {
        let (workspace, store) = try await imported([(["a:1"], ["base"]), (["b:1"], ["other"])])
        try await workspace.shell(
            "sed -i -E 's/\"blobs\":\\[[^]]*\\],?//; s/\"created\":\"[^\"]*\",?//' store/references/*")
        let blobs = try await workspace.shell("ls store/blobs/sha256")

        _ = try await store.remove(ImageReference(parsing: "a:1"), keeping: [])

        #expect(try store.images().map(\.reference.familiar) == ["b:1"])
        #expect(try await layers(workspace) == 1)
        #expect(try await workspace.shell("ls store/blobs/sha256") == blobs)
    }

    @Test("the time an image was made is told")
    func created() async throws {
        let (workspace, store) = try await imported([(["a:1"], ["base"])])

        try await workspace.verify()
        #expect(try store.images().first?.created == 981_173_106)
    }
}
