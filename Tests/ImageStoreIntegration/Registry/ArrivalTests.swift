import Foundation
import Linux
import Patience
import Testing

@testable import ImageStore

@Suite("A layer that is unpacked while it comes")
struct ArrivalTests {
    /// A registry that has app:1, a layer of forty random files behind what `first` adds, and withholds its last bytes.
    private struct Scene {
        let workspace: Workspace
        let server: RegistryServer
        let faulty: FaultyRegistry

        init(_ first: (inout Tar) -> Void = { _ in }) async throws {
            workspace = try Workspace()
            var dice = SystemRandomNumberGenerator()
            let layer = Tar.of { tar in
                first(&tar)
                for index in 0..<40 {
                    tar.add("file\(index)", content: (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &dice) })
                }
            }
            try workspace.write(dockerArchive([layer]), to: "docker.tar")
            server = try await RegistryServer.start(in: workspace)
            try await server.push("docker-archive:docker.tar", as: "app:1")
            faulty = try await FaultyRegistry.start(.withhold, before: server, in: workspace)
        }

        func pull(_ limits: UnpackLimits = UnpackLimits()) async throws -> StoredImage {
            try await workspace.store(limits: limits).pull(
                ImageReference(parsing: "\(faulty.host)/app:1"),
                from: RegistryClient(configuration: .init(), retries: PullTests.impatient))
        }

        /// What `find` sees in the store.
        func found(_ words: String) async throws -> [String] {
            try await workspace.shell("find store \(words) 2>/dev/null || :").split(separator: "\n").map(String.init)
        }
    }

    @Test("its first files are there before its last bytes are sent, and nobody sees them before all is verified")
    func overlap() async throws {
        let scene = try await Scene()
        let pull = Task { try await scene.pull() }
        let deadline = ContinuousClock.now + .seconds(120 * patience)

        var unpacked: [String] = []
        while unpacked.isEmpty, ContinuousClock.now < deadline {
            unpacked = try await scene.found("-path '*.layer/file9'")
            try await Task.sleep(for: .milliseconds(20))
        }

        #expect(unpacked.count == 1, "nothing was unpacked while the registry withheld the end")
        #expect(!scene.faulty.hasReleased)
        #expect(try await scene.found("-path '*/layers/*' -o -path '*/blobs/sha256/*' -o -path '*/references/*'") == [])
        try scene.faulty.release()
        let image = try await pull.value
        #expect(try await scene.workspace.stacked(image).count == 40)
        #expect(try await scene.found("-name '.tmp-*'") == [])
    }

    @Test(
        "one that breaks a rule is given up at once, with the rule, while the rest of it is yet to come",
        arguments: [("leads out by \"..\"", true), ("more than 20 entries", false)])
    func refused(words: String, isHostile: Bool) async throws {
        let scene = try await Scene { tar in
            if isHostile { tar.add("../evil") }
        }

        let error = await #expect(throws: ImagePullError.self) { try await scene.pull(UnpackLimits(entries: 20)) }

        let told = error?.description ?? ""
        #expect(told.contains(words) && told.contains("from registry \(scene.faulty.host) was refused"), "\(told)")
        #expect(!scene.faulty.hasReleased, "it was waited for")
        #expect(try await scene.found("-mindepth 2 ! -type d") == [])
        #expect(try await scene.found("-name '.tmp-*' -o -path '*/layers/*'") == [])
    }

    @Test("a pull that is given up leaves nothing of what was unpacked already")
    func cancelled() async throws {
        let scene = try await Scene()
        let pull = Task { try await scene.pull() }
        let deadline = ContinuousClock.now + .seconds(120 * patience)
        while try await scene.found("-path '*.layer/file9'").isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }

        pull.cancel()

        await #expect(throws: CancellationError.self) { try await pull.value }
        #expect(try await scene.found("-mindepth 2 ! -type d") == [])
        #expect(try await scene.found("-name '.tmp-*' -o -path '*/layers/*'") == [])
    }

    @Test("one that is not what the configuration says comes out of it is refused, and so is one that is no archive")
    func otherContent() async throws {
        let workspace = try Workspace()
        let layer = Tar.of { $0.add("file", content: Array("content".utf8)) }
        let other = Digest(of: Array("other".utf8))
        let noise = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7 % 251) }
        let server = try await RegistryServer.start(in: workspace)
        for (tag, bytes, diffID, words) in [
            ("1", layer, other, "its layer's digest is \(Digest(of: layer))"),
            ("2", noise, Digest(of: noise), "its layer is no tar"),
        ] {
            try await server.push(
                "--preserve-digests dir:\(try unchecked(bytes, diffID, in: workspace))", as: "app:\(tag)")
            let error = await #expect(throws: ImagePullError.self) {
                try await workspace.store().pull(
                    ImageReference(parsing: "\(server.host)/app:\(tag)"), from: RegistryClient())
            }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
        #expect(try await workspace.shell("find store -mindepth 2 ! -type d; find store/layers -mindepth 1") == "")
    }

    /// An image as skopeo keeps it in a directory, which nobody has looked into.
    private func unchecked(_ layer: [UInt8], _ diffID: Digest, in workspace: Workspace) throws -> String {
        let platform = Platform.current
        let config = Array(
            """
            {"os":"\(platform.os)","architecture":"\(platform.architecture)","config":{"Cmd":["/run"]},
             "rootfs":{"type":"layers","diff_ids":["\(diffID)"]}}
            """.utf8)
        let name = "unchecked-\(Digest(of: layer).hex.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: "\(workspace.path)/\(name)", withIntermediateDirectories: true)
        try workspace.write(Array("Directory Transport Version: 1.1\n".utf8), to: "\(name)/version")
        for blob in [config, layer] { try workspace.write(blob, to: "\(name)/\(Digest(of: blob).hex)") }
        let type = "application/vnd.docker"
        try workspace.write(
            Array(
                """
                {"schemaVersion":2,"mediaType":"\(type).distribution.manifest.v2+json",
                 "config":{"mediaType":"\(type).container.image.v1+json","size":\(config.count),
                  "digest":"\(Digest(of: config))"},
                 "layers":[{"mediaType":"\(type).image.rootfs.diff.tar","size":\(layer.count),
                  "digest":"\(Digest(of: layer))"}]}
                """.utf8), to: "\(name)/manifest.json")
        return name
    }
}
