import Foundation
import Linux
import Testing

@testable import ImageStore

@Suite("Signed images of a real registry")
struct SignatureTests {
    /// An image in a registry, and two pairs of keys.
    private struct Scene {
        let workspace: Workspace
        let server: RegistryServer
        let reference: ImageReference
        let digest: String

        init() async throws {
            workspace = try await PullTests.made()
            server = try await RegistryServer.start(in: workspace)
            try await server.push("docker-archive:docker.tar", as: "team/app:1")
            reference = try ImageReference(parsing: "\(server.host)/team/app:1")
            digest = try await workspace.shell(
                "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://\(server.host)/team/app:1"
            ).split(separator: "\n").joined()
            try await workspace.shell(
                """
                for name in ours theirs; do
                    openssl ecparam -name prime256v1 -genkey -noout -out $name.key
                    openssl ec -in $name.key -pubout -out $name.pub 2>/dev/null
                done
                """)
        }

        /// A client that demands a signature by one of these keys.
        func client(demanding names: String...) async throws -> RegistryClient {
            var keys: [SigningKey] = []
            for name in names {
                keys.append(
                    try SigningKey(pem: String(decoding: try await workspace.bytes(of: "\(name).pub"), as: UTF8.self)))
            }
            return RegistryClient(
                configuration: .init(), retries: PullTests.impatient,
                trust: ImageTrust(rules: [
                    .init(prefix: "\(server.host)/team", demand: .signature(keys), place: "trust.yaml:7")
                ]))
        }

        func sign(with key: String, as identity: String, digest: String? = nil, claiming: String? = nil) async throws {
            let words = [server.host, "team/app", digest ?? self.digest, "\(key).key", identity, claiming].compactMap(
                \.self)
            try await workspace.shell("\(Self.script) \(words.map { "'\($0)'" }.joined(separator: " "))")
        }

        private static let script = URL(filePath: #filePath).appending(path: "../../../Support/sign-image.sh")
            .standardizedFileURL.path(percentEncoded: false)

        func pull(_ client: RegistryClient) async throws -> StoredImage {
            try await workspace.store().pull(reference, from: client)
        }

        func refusal(_ client: RegistryClient) async -> String {
            do {
                _ = try await pull(client)
                return "it was not refused"
            } catch { return "\(error)" }
        }
    }

    @Test("an image is pulled once one of the keys signed it, and which one is remembered")
    func signed() async throws {
        let scene = try await Scene()
        let client = try await scene.client(demanding: "theirs", "ours")
        let store = scene.workspace.store()

        let unsigned = await scene.refusal(client)
        #expect(unsigned.contains("is not trusted: it is not signed: no tag sha256-"), "\(unsigned)")
        #expect(unsigned.contains("in trust.yaml:7 demands a signature by one of its keys"), "\(unsigned)")
        #expect(try store.images().isEmpty)
        #expect(try await scene.workspace.shell("find store/blobs -type f 2>/dev/null || :") == "", "nothing was kept")

        try await scene.sign(with: "ours", as: "\(scene.server.host)/team/app:1")
        let image = try await scene.pull(client)

        #expect(try await scene.workspace.fingerprint(image.layers[0]) == scene.workspace.fingerprint("tree"))
        #expect(image.origin?.signedBy?.count == 1)
        #expect(try store.image(scene.reference) == image)
        #expect(try store.distrust(of: scene.reference, under: client.trust) == nil)
        let narrower = try await scene.client(demanding: "theirs")
        let distrust = try store.distrust(of: scene.reference, under: narrower.trust)
        #expect(distrust?.description.contains("without a signature by this rule's keys") == true)
    }

    @Test(
        "what is no signature of this image by one of the keys is none",
        arguments: [
            ("theirs", "team/app", nil, "by none of the rule's keys"),
            ("ours", "team/other", nil, "is for an image called"), ("ours", "team/app:2", nil, "is for the tag 2"),
            ("ours", "team/app", "sha256:" + String(repeating: "a", count: 64), "is for sha256:aaaa"),
        ] as [(String, String, String?, String)])
    func worthless(key: String, identity: String, claimed: String?, words: String) async throws {
        let scene = try await Scene()
        try await scene.sign(with: key, as: "\(scene.server.host)/\(identity)", claiming: claimed)

        let refusal = await scene.refusal(try await scene.client(demanding: "ours"))

        #expect(refusal.contains(words), "\(refusal)")
        #expect(try scene.workspace.store().images().isEmpty)
    }

    @Test("an index's signature is one of the images in it")
    func index() async throws {
        let scene = try await Scene()
        let platform = Platform.current
        try await scene.workspace.shell(
            """
            curl -sf -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
                -H 'Accept: application/vnd.oci.image.manifest.v1+json' -D headers \
                http://\(scene.server.host)/v2/team/app/manifests/1 >manifest
            kind=$(tr -d '\\r' <headers | sed -n 's/^[Cc]ontent-[Tt]ype: //p')
            printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"%s","size":%d,"digest":"%s","platform":{"os":"\(platform.os)","architecture":"\(platform.architecture)"}}]}' \
                "$kind" "$(wc -c <manifest)" '\(scene.digest)' >index
            curl -sf -X PUT -H 'Content-Type: application/vnd.oci.image.index.v1+json' --data-binary @index \
                http://\(scene.server.host)/v2/team/app/manifests/1
            """)
        let index = Digest(of: try await scene.workspace.bytes(of: "index"))
        try await scene.sign(with: "ours", as: "\(scene.server.host)/team/app", digest: "\(index)")

        let image = try await scene.pull(try await scene.client(demanding: "ours"))

        #expect(image.origin?.nameDigest == index)
        #expect(image.layers.count == 2)
    }

    @Test("an imported image is not trusted until its registry was asked; then nothing is transferred again")
    func imported() async throws {
        let scene = try await Scene()
        let client = try await scene.client(demanding: "ours")
        let store = scene.workspace.store()
        let image = try #require(
            try await store.importArchive("\(scene.workspace.path)/docker.tar", as: scene.reference).first)

        let distrust = try store.distrust(of: scene.reference, under: client.trust)
        #expect(distrust?.description.contains("it was imported") == true)
        let transferred = Tally()
        try await scene.sign(with: "ours", as: "\(scene.server.host)/team/app")
        let pulled = try await store.pull(scene.reference, from: client) { transferred.note($0) }

        #expect(pulled.imageID == image.imageID)
        #expect(transferred.bytes == 0)
        #expect(try store.distrust(of: scene.reference, under: client.trust) == nil)
        _ = try await store.importArchive("\(scene.workspace.path)/docker.tar", as: scene.reference)
        #expect(
            try store.distrust(of: scene.reference, under: client.trust) != nil, "whoever imported it may be anybody")
    }

    @Test("what a tag leads to is found by one request for headers, and moves with it")
    func tags() async throws {
        let scene = try await Scene()
        let client = RegistryClient(configuration: .init(), retries: PullTests.impatient)
        let store = scene.workspace.store()
        let first = try await scene.pull(client)

        #expect(
            try await client.nameDigest(of: scene.reference, credentials: AnonymousAccess()) == first.origin?.nameDigest
        )
        let layer = try await scene.workspace.bytes(of: "two.tar")
        try scene.workspace.write(dockerArchive([layer], tags: ["app:2"]), to: "other.tar")
        try await scene.server.push("docker-archive:other.tar", as: "team/app:1")
        let moved = try await client.nameDigest(of: scene.reference, credentials: AnonymousAccess())

        #expect(moved != first.origin?.nameDigest)
        let second = try await scene.pull(client)
        #expect(second.origin?.nameDigest == moved)
        #expect(try store.image(scene.reference)?.imageID != first.imageID)
    }
}
