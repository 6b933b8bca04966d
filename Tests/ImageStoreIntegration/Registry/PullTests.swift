import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("Pulling from a real registry")
struct PullTests {
    /// A workspace with the image app:1, of two layers, as docker.tar and as layer directories to compare with.
    static func made() async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.shell(RealToolsTests.tree)
        try await workspace.shell(
            """
            tar --format=posix -C tree -cf one.tar . && mkdir two && head -c 3000000 /dev/urandom > two/random
            tar --format=posix -C two -cf two.tar .
            """)
        let layers = [try await workspace.bytes(of: "one.tar"), try await workspace.bytes(of: "two.tar")]
        try workspace.write(dockerArchive(layers, tags: ["app:1"]), to: "docker.tar")
        return workspace
    }

    static let impatient = Retries(attempts: 3, base: .milliseconds(20))

    @Test("an image comes as it was pushed, whatever compresses its layers", arguments: ["gzip", "zstd", "nothing"])
    func faithful(compression: String) async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace)
        if compression == "nothing" {
            try await workspace.shell("skopeo --insecure-policy copy -q docker-archive:docker.tar dir:plain")
            try await server.push("--preserve-digests dir:plain", as: "team/app:1")
        } else {
            try await server.push("--dest-compress-format=\(compression) docker-archive:docker.tar", as: "team/app:1")
        }

        let image = try await workspace.store().pull(
            ImageReference(parsing: "\(server.host)/team/app:1"), from: RegistryClient())

        #expect(try await workspace.fingerprint(image.layers[0]) == workspace.fingerprint("tree"))
        #expect(try await workspace.fingerprint(image.layers[1]) == workspace.fingerprint("two"))
        #expect(image.config.cmd == ["/run"])
        #expect(try workspace.store().image(image.reference) == image)
    }

    @Test("by digest, exactly that; pulled again, nothing is transferred")
    func byDigest() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let digest = try await workspace.shell(
            "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://\(server.host)/app:1")
        let reference = try ImageReference(
            parsing: "\(server.host)/app@\(digest.split(separator: "\n").joined())")
        let transferred = Tally()

        let image = try await workspace.store().pull(reference, from: RegistryClient()) { transferred.note($0) }
        let first = transferred.bytes
        let again = try await workspace.store().pull(reference, from: RegistryClient()) { transferred.note($0) }

        #expect(image == again)
        #expect(first > 3_000_000)
        #expect(transferred.bytes == first)
    }

    @Test("over TLS only with an authority that vouches for the registry")
    func certificates() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace, .init(hasTLS: true))
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let reference = try ImageReference(parsing: "\(server.host)/app:1")
        let trusting = RegistryConfiguration(registries: [
            .init(prefix: server.host, caFile: "\(workspace.path)/tls.crt")
        ])

        let error = await #expect(throws: ImagePullError.self) {
            try await workspace.store().pull(
                reference,
                from: RegistryClient(
                    configuration: .init(registries: [.init(prefix: server.host, location: "localhost.:1")]),
                    retries: Self.impatient))
        }
        let image = try await workspace.store().pull(
            reference, from: RegistryClient(configuration: trusting, retries: Self.impatient))

        #expect(error?.description.contains("cannot be reached") == true)
        #expect(image.layers.count == 2)
    }

    @Test("with basic authentication only for who knows the password")
    func passwords() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace, .init(password: "s3cret"))
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let reference = try ImageReference(parsing: "\(server.host)/app:1")
        try await workspace.shell(
            "printf '%s' '{\"auths\":{\"\(server.host)\":{\"username\":\"tester\",\"password\":\"s3cret\"}}}' > good.json"
        )
        try await workspace.shell(
            "printf '%s' '{\"auths\":{\"\(server.host)\":{\"username\":\"tester\",\"password\":\"wrong\"}}}' > bad.json"
        )
        let registries = RegistryClient(configuration: .init(), retries: Self.impatient)
        func pull(_ file: String?) async throws -> StoredImage {
            let files = file.map { ["\(workspace.path)/\($0)"] } ?? []
            return try await workspace.store().pull(
                reference, from: registries, credentials: FileCredentials(files: files, searchPath: ""))
        }

        let anonymous = await #expect(throws: ImagePullError.self) { try await pull(nil) }
        let wrong = await #expect(throws: ImagePullError.self) { try await pull("bad.json") }
        let image = try await pull("good.json")

        #expect(
            anonymous?.description.contains("wants credentials for \(server.host)/app:1, and there are none") == true)
        #expect(wrong?.description.contains("does not give \(server.host)/app:1 to user tester") == true)
        #expect(wrong?.description.contains("wrong") == false)
        #expect(image.layers.count == 2)
    }

    @Test("a mirror never sees the credentials of the registry that it stands for, but its own")
    func mirrorCredentials() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace, .init(password: "s3cret"))
        try await server.push("docker-archive:docker.tar", as: "hub/app:1")
        let registries = RegistryClient(
            configuration: .init(registries: [
                .init(prefix: "example.org", location: "127.0.0.1:1", mirrors: [.init(location: "\(server.host)/hub")])
            ]), retries: Self.impatient)
        func pull(_ owner: String) async throws -> StoredImage {
            let login = PullSecrets.File(
                name: "Secret a/b",
                contents: Array(#"{"auths": {"\#(owner)": {"username": "tester", "password": "s3cret"}}}"#.utf8))
            return try await workspace.store().pull(
                ImageReference(parsing: "example.org/app:1"), from: registries,
                credentials: PullSecrets([login], before: AnonymousAccess()))
        }

        let error = await #expect(throws: ImagePullError.self) { try await pull("example.org") }

        #expect(error?.description.contains("\(server.host) wants credentials") == true)
        #expect(try await pull(server.host).layers.count == 2)
    }

    @Test("a private image is for whom the registry gives it to, and for everybody once it is anybody's")
    func access() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace, .init(password: "s3cret"))
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let reference = try ImageReference(parsing: "\(server.host)/app:1")
        let (right, wrong) = (
            RegistryCredential.password(user: "tester", password: "s3cret"),
            RegistryCredential.password(user: "tester", password: "guess")
        )
        let login = Array(#"{"auths": {"\#(server.host)": {"username": "tester", "password": "s3cret"}}}"#.utf8)
        let secrets = PullSecrets([.init(name: "Secret a/b", contents: login)], before: AnonymousAccess())
        let store = workspace.store()

        _ = try await store.pull(reference, from: RegistryClient(), credentials: secrets)

        #expect(store.mayUse(reference) { [right] })
        #expect(!store.mayUse(reference) { [wrong] })
        #expect(!store.mayUse(reference) { [] })
        #expect(try await workspace.shell("cat store/references/*.access").contains("s3cret") == false)
        try workspace.write(login, to: "node.json")
        let node = FileCredentials(files: ["\(workspace.path)/node.json"], searchPath: "")
        _ = try await store.pull(reference, from: RegistryClient(), credentials: node)
        #expect(store.mayUse(reference) { [] })
        _ = try await store.pull(reference, from: RegistryClient(), credentials: secrets)
        #expect(store.mayUse(reference) { [] }, "what is everybody's stays so")
        #expect(try await store.remove(reference, keeping: []) != nil)
        #expect(try await workspace.shell("ls store/references") == "")
    }

    @Test("a mirror that has it not is passed over, and what nobody has is told for each")
    func mirrors() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:docker.tar", as: "hub/library/app:1")
        let registries = RegistryClient(
            configuration: .init(registries: [
                .init(
                    prefix: "docker.io", location: "127.0.0.1:1",
                    mirrors: [.init(location: "\(server.host)/empty"), .init(location: "\(server.host)/hub")])
            ]), retries: Self.impatient)

        let image = try await workspace.store().pull(ImageReference(parsing: "app:1"), from: registries)
        let error = await #expect(throws: ImagePullError.self) {
            try await workspace.store().pull(ImageReference(parsing: "app:2"), from: registries)
        }

        #expect(image.reference.familiar == "app:1")
        let words = error?.description ?? ""
        #expect(words.contains("app:2 is not in registry \(server.host)") && words.contains("127.0.0.1:1 cannot be"))
    }

    @Test("an image for other machines is refused by name")
    func otherPlatform() async throws {
        let workspace = try await Self.made()
        let layer = try await workspace.bytes(of: "two.tar")
        try workspace.write(dockerArchive([layer], architecture: "s390x"), to: "other.tar")
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:other.tar", as: "app:1")

        let error = await #expect(throws: ImagePullError.self) {
            try await workspace.store().pull(
                ImageReference(parsing: "\(server.host)/app:1"), from: RegistryClient())
        }

        #expect(error?.description.contains("is made for linux/s390x, and this node is") == true)
        #expect(try workspace.store().images().isEmpty)
    }

    @Test("a pull that is cut off at any instant leaves a sound store, and the next one succeeds")
    func cutOff() async throws {
        let workspace = try await Self.made()
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let reference = try ImageReference(parsing: "\(server.host)/app:1")

        for milliseconds in stride(from: 1, to: 120, by: 12) {
            let pull = Task { try await workspace.store().pull(reference, from: RegistryClient()) }
            try await Task.sleep(for: .milliseconds(milliseconds))
            pull.cancel()
            if let image = try? await pull.value { #expect(image.layers.count == 2) }
        }
        let image = try await workspace.store().pull(reference, from: RegistryClient())

        #expect(try await workspace.fingerprint(image.layers[0]) == workspace.fingerprint("tree"))
        #expect(try await workspace.shell("find store -name '.tmp-*'") == "")
    }
}

/// Adds up what was transferred.
final class Tally: Sendable {
    private let layers = Locked<[Digest: Int64]>([:])

    var bytes: Int64 { layers.value.values.reduce(0, +) }

    func note(_ progress: PullProgress) {
        if case .transferred(let layer, let bytes, _) = progress { layers.change { $0[layer] = bytes } }
    }
}
