import Linux
import Testing

@testable import ImageStore

@Suite("A registry that is not what it should be")
struct FaultTests {
    private struct Scene {
        let workspace: Workspace
        let server: RegistryServer
        let faulty: FaultyRegistry
        let reference: ImageReference
        let retries: Retries

        init(_ fault: FaultyRegistry.Fault, byDigest: Bool = false) async throws {
            retries =
                fault == .stallOnce
                ? Retries(attempts: 3, base: .milliseconds(20), silence: .seconds(3)) : PullTests.impatient
            workspace = try await PullTests.made()
            server = try await RegistryServer.start(in: workspace)
            try await server.push("docker-archive:docker.tar", as: "app:1")
            faulty = try await FaultyRegistry.start(fault, before: server, in: workspace)
            let digest = try await workspace.shell(
                "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://\(server.host)/app:1")
            reference = try ImageReference(
                parsing: "\(faulty.host)/app" + (byDigest ? "@" + digest.split(separator: "\n").joined() : ":1"))
        }

        func pull() async throws -> StoredImage {
            try await workspace.store().pull(
                reference, from: RegistryClient(configuration: .init(), retries: retries))
        }

        /// Everything in the store but its lock, by name.
        func leftovers() async throws -> String {
            try await workspace.shell(
                "[ ! -d store ] || find store -path 'store/*/*' ! -type d -o -path 'store/layers/*' -o -name '.tmp-*'")
        }
    }

    @Test(
        "what passes is outlasted: a broken connection, a cut blob, an overloaded server, one that takes its time",
        arguments: [
            .truncateOnce, .truncateWithoutRanges, .garbleOnce, .resetTwice, .unavailableTwice, .delay, .stallOnce,
        ] as [FaultyRegistry.Fault])
    func passing(fault: FaultyRegistry.Fault) async throws {
        let scene = try await Scene(fault)

        let image = try await scene.pull()

        #expect(try await scene.workspace.fingerprint(image.layers[0]) == scene.workspace.fingerprint("tree"))
        #expect(try await scene.workspace.fingerprint(image.layers[1]) == scene.workspace.fingerprint("two"))
    }

    @Test(
        "what is not what its digest or size promises is refused, and nothing of it stays",
        arguments: [
            (.corrupt, false, "comes with the digest"), (.corruptMiddle, false, "comes with the digest"),
            (.corruptEnd, false, "comes with the digest"), (.lengthen, false, "more than the"),
            (.lie, true, "comes with the digest"), (.truncateAlways, false, "breaks off after"),
            (.ambiguous, false, "manifest and index at once"), (.neither, false, "has no config"),
            (.page, false, "is malformed"), (.tooMany, false, "asked too often"),
        ] as [(FaultyRegistry.Fault, Bool, String)])
    func refused(fault: FaultyRegistry.Fault, byDigest: Bool, words: String) async throws {
        let scene = try await Scene(fault, byDigest: byDigest)

        let error = await #expect(throws: ImagePullError.self) { try await scene.pull() }

        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(try await scene.leftovers() == "")
    }

    @Test("a redirect to another origin is followed without the credentials")
    func redirected() async throws {
        let workspace = try await PullTests.made()
        let server = try await RegistryServer.start(in: workspace, .init(password: "s3cret"))
        try await server.push("docker-archive:docker.tar", as: "app:1")
        let faulty = try await FaultyRegistry.start(.redirect, before: server, in: workspace)
        try workspace.write(
            Array(#"{"auths": {"\#(faulty.host)": {"username": "tester", "password": "s3cret"}}}"#.utf8),
            to: "auth.json")

        let image = try await workspace.store().pull(
            ImageReference(parsing: "\(faulty.host)/app:1"),
            from: RegistryClient(configuration: .init(), retries: PullTests.impatient),
            credentials: FileCredentials(files: ["\(workspace.path)/auth.json"], searchPath: ""))

        #expect(image.layers.count == 2)
        let visits = try await faulty.visits().filter { !$0.contains(" /v2/ ") }
        #expect(visits.contains { $0.hasPrefix("127.0.0.1:") && $0.hasSuffix(" credentials") })
        let elsewhere = visits.filter { $0.hasPrefix("localhost:") }
        #expect(!elsewhere.isEmpty && elsewhere.allSatisfy { $0.hasSuffix(" anonymous") }, "\(visits)")
    }
}
