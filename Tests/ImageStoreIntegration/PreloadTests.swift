import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("A directory of archives")
struct PreloadTests {
    private func archive(_ tag: String, _ file: String = "file") -> [UInt8] {
        dockerArchive([Tar.of { $0.add(file, content: Array(tag.utf8)) }], tags: [tag])
    }

    /// What a pass found, in short.
    private func words(_ pass: Preload.Pass) -> [String] {
        pass.findings.map { finding in
            switch finding {
            case .imported(let file, let images):
                "\(file.split(separator: "/").last ?? ""): \(images.map(\.reference.familiar))"
            case .skipped(let file, let reason): "\(file.split(separator: "/").last ?? "") skipped: \(reason)"
            }
        }
    }

    /// Makes files old enough to be taken for whole.
    private func settle(_ workspace: Workspace) async throws {
        try await workspace.shell("find dir -exec touch -h -d '1 hour ago' {} +")
    }

    @Test("every archive and layout in it is imported, a damaged one is named and skipped")
    func first() async throws {
        let workspace = try Workspace()
        try await workspace.shell("mkdir dir")
        try workspace.write(archive("a:1"), to: "dir/a.tar")
        try workspace.write(archive("l:1"), to: "l.tar")
        try await workspace.shell(
            """
            skopeo --insecure-policy copy -q docker-archive:l.tar oci:dir/layout:l:1
            skopeo --insecure-policy copy -q docker-archive:l.tar oci-archive:dir/layout.tar:l:2
            head -c 700 dir/a.tar >dir/damaged.tar; cp dir/a.tar dir/.incoming; gzip <dir/a.tar >dir/again.tar.gz
            """)
        try await settle(workspace)
        let preload = Preload(directory: "\(workspace.path)/dir", store: workspace.store())

        let found = words(try await preload.pass())

        #expect(
            found.filter { !$0.contains("skipped") } == [
                "a.tar: [\"a:1\"]", "again.tar.gz: [\"a:1\"]", "layout: [\"l:1\"]", "layout.tar: [\"l:2\"]",
            ])
        let skipped = try #require(found.first { $0.contains("skipped") })
        #expect(skipped.hasPrefix("damaged.tar skipped: \(workspace.path)/dir/damaged.tar "))
        #expect(try workspace.store().images().map(\.reference.familiar) == ["a:1", "l:1", "l:2"])
        // It is told once.
        #expect(words(try await preload.pass()) == [])
    }

    @Test("the next agent reads no archive again, but tells once more what is damaged")
    func restart() async throws {
        let workspace = try Workspace()
        try await workspace.shell("mkdir dir")
        try workspace.write(archive("a:1"), to: "dir/a.tar")
        try workspace.write(Array("text".utf8), to: "dir/b.tar")
        try await settle(workspace)
        let directory = "\(workspace.path)/dir"
        _ = try await Preload(directory: directory, store: workspace.store()).pass()
        // A worker that cannot run: an import would fail.
        let store = ImageStore(root: workspace.storePath, worker: WorkerCommand(executable: "/bin/false"))

        try await workspace.shell("rm dir/b.tar")
        #expect(words(try await Preload(directory: directory, store: store).pass()) == [])
        // What was removed by hand stays removed.
        _ = try await workspace.store().remove(ImageReference(parsing: "a:1"), keeping: [])
        #expect(words(try await Preload(directory: directory, store: store).pass()) == [])
        try await workspace.shell("rm -r store")
        let anew = Preload(directory: directory, store: workspace.store())
        #expect(words(try await anew.pass()) == ["a.tar: [\"a:1\"]"])
    }

    @Test("a file that changed is imported again, one that is being written is waited for")
    func changed() async throws {
        let workspace = try Workspace()
        try await workspace.shell("mkdir dir")
        try workspace.write(archive("a:1", "old"), to: "dir/a.tar")
        try await settle(workspace)
        let preload = Preload(directory: "\(workspace.path)/dir", store: workspace.store())
        _ = try await preload.pass()

        try workspace.write(archive("a:1", "new"), to: "dir/a.tar")
        let pass = try await preload.pass()
        #expect(pass.isSettling && pass.findings.isEmpty)
        try await settle(workspace)
        #expect(words(try await preload.pass()) == ["a.tar: [\"a:1\"]"])

        let image = try #require(try workspace.store().images().first)
        #expect(try await workspace.stacked(image) == ["new"])
    }

    @Test("a directory that is gone is told, and a store that cannot be used is no archive's fault")
    func unusable() async throws {
        let workspace = try Workspace()
        let gone = Preload(directory: "\(workspace.path)/dir", store: workspace.store())
        let error = await #expect(throws: ImageStoreError.self) { try await gone.pass() }
        #expect(error?.description.hasPrefix("\(workspace.path)/dir cannot be read: No such file") == true)

        try await workspace.shell("mkdir dir; : >store")
        try workspace.write(archive("a:1"), to: "dir/a.tar")
        try await settle(workspace)
        let unusable = await #expect(throws: ImageStoreError.self) { try await gone.pass() }
        #expect(unusable?.description.contains("the image store") == true)
    }
}
