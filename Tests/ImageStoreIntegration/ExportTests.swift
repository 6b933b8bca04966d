import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("An image that leaves the store")
struct ExportTests {
    private func export(_ reference: ImageReference, from store: ImageStore, to path: String) async throws -> Bool {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        return try await store.export(reference, to: file.raw)
    }

    @Test("comes back as it was, and others read it too")
    func there() async throws {
        let workspace = try await PullTests.made()
        let store = workspace.store()
        let image = try #require(try await store.importArchive("\(workspace.path)/docker.tar").first)

        #expect(try await export(image.reference, from: store, to: "\(workspace.path)/out.tar"))
        let other = ImageStore(root: "\(workspace.path)/other", worker: Workspace.worker)
        let back = try #require(try await other.importArchive("\(workspace.path)/out.tar").first)

        #expect(back.reference == image.reference)
        #expect(back.config == image.config)
        #expect(back.imageID == image.imageID)
        for (one, two) in zip(image.layers, back.layers) {
            #expect(try await workspace.fingerprint(one) == workspace.fingerprint(two))
        }
        let seen = try await workspace.shell("skopeo inspect --config oci-archive:out.tar")
        #expect(seen.contains("SIGQUIT"))
    }

    @Test("one that was pulled keeps its manifest, to the byte")
    func pulled() async throws {
        let workspace = try await PullTests.made()
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let reference = try ImageReference(parsing: "\(server.host)/app:1")
        let store = workspace.store()
        _ = try await store.pull(reference, from: RegistryClient())

        #expect(try await export(reference, from: store, to: "\(workspace.path)/out.tar"))

        let manifest = try #require(try store.inspect(reference)?.manifest)
        let theirs = try await workspace.shell(
            """
            skopeo inspect --tls-verify=false --raw docker://\(server.host)/app:1 >theirs
            skopeo inspect --raw oci-archive:out.tar >ours && cmp theirs ours && sha256sum ours
            """)
        #expect(theirs.hasPrefix(manifest.hex))
    }

    @Test("what is not there is not exported")
    func absent() async throws {
        let workspace = try Workspace()
        try await workspace.shell("mkdir store")

        #expect(
            try await export(ImageReference(parsing: "app:1"), from: workspace.store(), to: "\(workspace.path)/out")
                == false)
    }
}
