import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("A store that runs out of space, or whose importer dies")
struct FullDiskTests {
    @Test("an image that does not fit leaves nothing behind, and what was there stays usable")
    func full() async throws {
        let workspace = try Workspace()
        // Each layer fits, the image does not.
        let layers = (0..<4).map { index in
            Tar.of { tar in
                var bytes = [UInt8](repeating: 0, count: 900_000)
                for place in bytes.indices { bytes[place] = UInt8.random(in: 0...255) }
                tar.add("large\(index)", content: bytes)
            }
        }
        let small = Tar.of { $0.add("small", content: Array("content".utf8)) }
        try workspace.write(dockerArchive([small], tags: ["small:1"]), to: "small.tar")
        try workspace.write(dockerArchive(layers, tags: ["large:1"]), to: "large.tar")
        let importer = Workspace.worker.executable

        // The mount is the shell's own.
        try await workspace.shell(
            """
            mkdir store
            unshare --mount sh -euc '
                mount -t tmpfs -o size=6m tmpfs store
                \(importer) import \(workspace.storePath) \(workspace.path)/small.tar
                find store -type f -exec sha256sum {} + | sort >before
                ! \(importer) import \(workspace.storePath) \(workspace.path)/large.tar 2>words
                find store -type f -exec sha256sum {} + | sort >after
                \(importer) list \(workspace.storePath) >list
                find store -name ".tmp-*" >leftovers
                mount -o remount,size=32m store
                \(importer) import \(workspace.storePath) \(workspace.path)/large.tar
                \(importer) list \(workspace.storePath) >list-after
            '
            """)

        let words = try await workspace.shell("cat words")
        #expect(words.contains("No space left on device"), "\(words)")
        #expect(words.contains("try again once that is mended"), "\(words)")
        #expect(try await workspace.shell("cmp before after") == "")
        #expect(try await workspace.shell("cat leftovers") == "")
        #expect(try await workspace.shell("cat list") == "small:1\n")
        #expect(try await workspace.shell("cat list-after") == "large:1\nsmall:1\n")
    }

    @Test("a pull that does not fit, as it comes or once unpacked, leaves nothing behind", arguments: [true, false])
    func fullByPull(isCompressible: Bool) async throws {
        let workspace = try Workspace()
        let small = Tar.of { $0.add("small", content: Array("content".utf8)) }
        try workspace.write(dockerArchive([small], tags: ["small:1"]), to: "small.tar")
        var bytes = [UInt8](repeating: 0, count: 8_000_000)
        if !isCompressible { for place in bytes.indices { bytes[place] = UInt8.random(in: 0...255) } }
        try workspace.write(dockerArchive([Tar.of { $0.add("large", content: bytes) }]), to: "large.tar")
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:large.tar", as: "large:1")
        let puller = Workspace.worker.executable

        try await workspace.shell(
            """
            mkdir store
            unshare --mount sh -euc '
                mount -t tmpfs -o size=6m tmpfs store
                \(puller) import \(workspace.storePath) \(workspace.path)/small.tar
                find store | sort >before
                ! \(puller) pull \(workspace.storePath) \(server.host)/large:1 2>words
                find store | sort >after
                mount -o remount,size=64m store
                \(puller) pull \(workspace.storePath) \(server.host)/large:1
                \(puller) list \(workspace.storePath) >list
            '
            """)

        let words = try await workspace.shell("cat words")
        #expect(words.contains("No space left on device"), "\(words)")
        #expect(try await workspace.shell("diff before after") == "")
        #expect(try await workspace.shell("wc -l <list") == "2\n")
    }

    @Test("importers and removers killed at any instant leave only whole images, and the next one makes all good")
    func killed() async throws {
        let workspace = try Workspace()
        let names = ["a:1", "b:1"]
        for (index, name) in names.enumerated() {
            let layers = (0..<2).map { layer in
                Tar.of { tar in
                    for file in 0..<300 {
                        tar.add("\(layer)-\(file)", content: [UInt8](repeating: UInt8(index + layer), count: 9000))
                    }
                }
            }
            try workspace.write(dockerArchive(layers, tags: [name]), to: "\(index).tar")
        }
        var killed = 0
        for round in 0..<50 {
            let index = round % names.count
            let arguments =
                round % 5 == 4
                ? ["remove", workspace.storePath, names[index]]
                : ["import", workspace.storePath, "\(workspace.path)/\(index).tar"]
            do {
                _ = try await WorkerCommand(executable: Workspace.worker.executable, arguments: arguments)
                    .run(timeout: .milliseconds(Int.random(in: 1...200)))
            } catch is WorkerError {
                killed += 1
            }
            try await workspace.verify()
        }
        #expect(killed > 10)

        for index in names.indices { _ = try await workspace.store().importArchive("\(workspace.path)/\(index).tar") }
        #expect(try workspace.store().images().map(\.reference.familiar) == names)
        for image in try workspace.store().images() { #expect(try await workspace.stacked(image).count == 600) }
        for name in names { _ = try await workspace.store().remove(ImageReference(parsing: name), keeping: []) }
        #expect(try await workspace.shell("find store -mindepth 2 -not -name sha256") == "")
    }
}

extension Workspace {
    /// Checks every image of the store as an auditor would: blobs by their digests, layers by their presence and count.
    func verify(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let store = store()
        for record in try store.references.records() {
            for layer in record.diffIDs {
                #expect(
                    access(store.layout.layer(layer), F_OK) == 0, "\(record.reference) lacks layer \(layer)",
                    sourceLocation: sourceLocation)
            }
            for blob in record.blobs ?? [] {
                #expect(
                    access(store.layout.blob(blob), F_OK) == 0, "\(record.reference) lacks blob \(blob)",
                    sourceLocation: sourceLocation)
            }
        }
        let wrong = try await shell(
            """
            cd store/blobs/sha256 2>/dev/null || exit 0
            sha256sum * 2>/dev/null | awk '$1 != $2' || :
            """)
        #expect(wrong == "", "blobs that are not what their names say: \(wrong)", sourceLocation: sourceLocation)
    }
}
