import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("Imports")
struct ImportTests {
    private static let layer = Tar.of { $0.add("file", content: Array("content".utf8)) }

    private func error(_ archive: [UInt8], as name: String? = nil) async throws -> String {
        let workspace = try Workspace()
        try workspace.write(archive, to: "a.tar")
        let reference = try name.map(ImageReference.init(parsing:))
        let error = await #expect(throws: ImageStoreError.self) {
            try await workspace.store().importArchive("\(workspace.path)/a.tar", as: reference)
        }
        #expect(try workspace.store().images().isEmpty)
        return error?.description ?? ""
    }

    @Test("importing the same again changes nothing")
    func twice() async throws {
        let workspace = try Workspace()
        try workspace.write(dockerArchive([ImportTests.layer], tags: ["app:1", "app:latest"]), to: "a.tar")

        let first = try await workspace.store().importArchive("\(workspace.path)/a.tar")
        let before = try await workspace.shell("find store -type f -printf '%p %i %T@\\n' | sort")
        let second = try await workspace.store().importArchive("\(workspace.path)/a.tar")

        #expect(first == second)
        #expect(try await workspace.shell("find store -type f -printf '%p %i %T@\\n' | sort") == before)
        #expect(try workspace.store().images().map(\.reference.familiar) == ["app:1", "app:latest"])
        #expect(
            try await workspace.shell("stat -c %a store store/blobs store/layers store/references")
                == "700\n700\n700\n700\n")
    }

    @Test("an importer killed at any instant leaves a store that the next import completes")
    func killed() async throws {
        let workspace = try Workspace()
        let layers = (0..<3).map { layer in
            Tar.of { tar in
                for index in 0..<400 {
                    tar.add("\(layer)-\(index)", content: [UInt8](repeating: UInt8(layer), count: 9000))
                }
            }
        }
        try workspace.write(dockerArchive(layers), to: "a.tar")
        let importer = WorkerCommand(
            executable: Workspace.worker.executable,
            arguments: ["import", workspace.storePath, "\(workspace.path)/a.tar"])

        for _ in 0..<30 {
            do {
                _ = try await importer.run(timeout: .milliseconds(Int.random(in: 1...150)))
                try await workspace.shell("rm -r store/references store/layers")
            } catch is WorkerError {
                // Killed, which is what this is about.
            }
        }
        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/a.tar").first)

        #expect(try await workspace.stacked(image).count == 1200)
        // What a worker that dies a moment later still held is left to the next import.
        for _ in 0..<50 {
            guard try await workspace.shell("find store -name '.tmp-*'") != "" else { break }
            try await Task.sleep(for: .milliseconds(100))
            _ = try await workspace.store().importArchive("\(workspace.path)/a.tar")
        }
        #expect(try await workspace.shell("find store -name '.tmp-*'") == "")
    }

    @Test("several imports at once wait for each other")
    func atOnce() async throws {
        let workspace = try Workspace()
        try workspace.write(dockerArchive([ImportTests.layer], tags: ["a:1"]), to: "a.tar")
        try workspace.write(dockerArchive([ImportTests.layer], tags: ["b:1"]), to: "b.tar")

        async let a = workspace.store().importArchive("\(workspace.path)/a.tar")
        async let b = workspace.store().importArchive("\(workspace.path)/b.tar")
        _ = try await (a, b)

        #expect(try workspace.store().images().map(\.reference.familiar) == ["a:1", "b:1"])
    }

    @Test("a layer whose content is not what the configuration says is refused")
    func wrongDiffID() async throws {
        let message = try await error(dockerArchive([ImportTests.layer], diffIDs: [Digest(of: [1])]))

        #expect(message.contains("its layer's digest is \(Digest(of: ImportTests.layer))"))
    }

    @Test("a configuration that is not called after its digest is refused")
    func wrongConfig() async throws {
        let message = try await error(dockerArchive([ImportTests.layer], configName: "\(Digest(of: [1]).hex).json"))

        #expect(message.contains("but its digest is"))
    }

    @Test(
        "a blob of an OCI layout that was changed is refused",
        arguments: ["printf x >>", "printf x | dd conv=notrunc status=none of="])
    func wrongBlob(change: String) async throws {
        let workspace = try Workspace()
        try workspace.write(dockerArchive([ImportTests.layer]), to: "a.tar")
        try await workspace.shell(
            """
            skopeo --insecure-policy copy -q docker-archive:a.tar oci:out:app:1
            for blob in out/blobs/sha256/*; do \(change)$blob; done
            """)

        let error = await #expect(throws: ImageStoreError.self) {
            try await workspace.store().importArchive("\(workspace.path)/out")
        }

        #expect(error?.description.contains("has the digest") == true, "\(error?.description ?? "")")
    }

    @Test("a document that is index and manifest at once is refused")
    func ambiguousManifest() async throws {
        let both = Array(#"{"manifests":[],"layers":[],"config":null}"#.utf8)
        let digest = Digest(of: both)
        let index = #"{"manifests":[{"digest":"\#(digest)","size":\#(both.count),"annotations":{}}]}"#

        let message = try await error(
            Tar.of { tar in
                tar.add("index.json", content: Array(index.utf8))
                tar.add("blobs/sha256/\(digest.hex)", content: both)
            })

        #expect(message.contains("manifest and index at once"))
    }

    @Test("an archive without a name needs one, and takes the one given")
    func unnamed() async throws {
        #expect(try await error(dockerArchive([ImportTests.layer], tags: [])).contains("carries no full name"))
        let workspace = try Workspace()
        try workspace.write(dockerArchive([ImportTests.layer], tags: []), to: "a.tar")

        let images = try await workspace.store().importArchive(
            "\(workspace.path)/a.tar", as: ImageReference(parsing: "given"))

        #expect(images.map(\.reference.familiar) == ["given:latest"])
    }

    @Test("one name cannot be given to several images, and a digest only to the image that has it")
    func wrongName() async throws {
        let two = dockerArchive([ImportTests.layer], images: 2)
        let one = dockerArchive([ImportTests.layer])

        #expect(try await error(two, as: "x").contains("holds 2 images, which cannot all be called x:latest"))
        #expect(try await error(one, as: "x@\(Digest(of: [1]))").contains("has no manifest digest"))
    }

    @Test("an image for another machine is refused by name")
    func otherPlatform() async throws {
        let message = try await error(dockerArchive([ImportTests.layer], architecture: "s390x"))

        #expect(message.contains("has an image for linux/s390x, but this node is \(Platform.current)"))
    }

    @Test("what is no image says so")
    func notAnImage() async throws {
        #expect(try await error(Array("text".utf8)).contains("it is no tar archive"))
        #expect(try await error(Tar.of { $0.add("file") }).contains("neither a manifest.json nor an index.json"))
        #expect(
            try await error(Tar.of { $0.add("manifest.json", content: Array("[{}]".utf8)) }).contains(
                "\"Config\" is missing"))
        #expect(
            try await error(Tar.of { $0.add("manifest.json", content: Array("[".utf8)) }).contains(
                "manifest.json is malformed"))
    }

    @Test("an outer archive cannot lead out either")
    func hostileOuter() async throws {
        #expect(try await error(Tar.of { $0.add("../x") }).contains("leads out"))
        #expect(
            try await error(Tar.of { $0.add("x", kind: "2", link: "../../etc/passwd") }).contains("a link leads out"))
        #expect(
            try await error(
                Tar.of {
                    $0.add("x"); $0.add("./x")
                }
            ).contains("two entries called \"x\""))
    }

    @Test("a missing archive is reported by path and reason")
    func missing() async throws {
        let workspace = try Workspace()

        let error = await #expect(throws: ImageStoreError.self) {
            try await workspace.store().importArchive("/no/such/archive.tar")
        }

        #expect(
            error?.description == """
                /no/such/archive.tar cannot be read: No such file or directory. Give the path of a docker archive or an \
                OCI layout.
                """)
    }
}
