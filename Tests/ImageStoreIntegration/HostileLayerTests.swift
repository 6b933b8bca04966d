import Glibc
import ImageStore
import Testing

/// What one hostile layer holds, and the words that refuse it.
struct HostileLayer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let words: String
    let fill: @Sendable (inout Tar) -> Void

    init(_ name: String, _ words: String, _ fill: @escaping @Sendable (inout Tar) -> Void) {
        testDescription = name
        self.words = words
        self.fill = fill
    }

    static let all = [
        HostileLayer("an absolute path", "absolute path") { $0.add("/tmp/evil") },
        HostileLayer("a path with dots", "leads out by \"..\"") { $0.add("a/../../evil") },
        HostileLayer("a directory with dots", "leads out by \"..\"") { $0.add("../evil/", kind: "5", mode: 0o755) },
        HostileLayer("a write through an absolute link", "through symlink") {
            $0.add("out", kind: "2", link: "/tmp")
            $0.add("out/evil")
        },
        HostileLayer("a write through a relative link", "through symlink") {
            $0.add("out", kind: "2", link: "../../../../tmp")
            $0.add("out/evil")
        },
        HostileLayer("a directory made through a link", "through symlink") {
            $0.add("out", kind: "2", link: "..")
            $0.add("out/evil/", kind: "5", mode: 0o755)
        },
        HostileLayer("a whiteout of dots", "leads out by \"..\"") { $0.add("a/.wh...") },
        HostileLayer("a whiteout of nothing", "names nothing") { $0.add("a/.wh.") },
        HostileLayer("an entry below a whiteout", "below a whiteout") { $0.add(".wh.a/b") },
        HostileLayer("a hard link to an absolute path", "absolute path") {
            $0.add("p", kind: "1", link: "/etc/passwd")
        },
        HostileLayer("a hard link with dots", "leads out by \"..\"") { $0.add("p", kind: "1", link: "../../canary") },
        HostileLayer("a hard link through a link", "through symlink") {
            $0.add("out", kind: "2", link: "..")
            $0.add("p", kind: "1", link: "out/canary")
        },
        HostileLayer("a hard link to nothing", "cannot be made") { $0.add("p", kind: "1", link: "missing") },
        HostileLayer("a path with dots by a pax header", "leads out by \"..\"") {
            $0.addPax([("path", "a/../../evil")])
            $0.add("harmless")
        },
        HostileLayer("an absolute path by a pax header", "absolute path") {
            $0.addPax([("path", "/tmp/evil")])
            $0.add("harmless")
        },
        HostileLayer("a link's target with dots by a pax header", "leads out by \"..\"") {
            $0.addPax([("linkpath", "../../canary")])
            $0.add("p", kind: "1", link: "harmless")
        },
        HostileLayer("an absolute path by GNU's long name", "absolute path") {
            $0.add("/tmp/" + String(repeating: "evil", count: 40))
        },
        HostileLayer("a sparse file's name with dots", "leads out by \"..\"") {
            $0.addPax([
                ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "../../evil"),
                ("GNU.sparse.realsize", "512"),
            ])
            $0.add("harmless", content: Array("1\n0\n512\n".utf8) + [UInt8](repeating: 0, count: 1015))
        },
        HostileLayer("a huge size by a pax header", "larger than") {
            $0.addPax([("size", "99999999999999")])
            $0.add("f")
        },
        HostileLayer("an owner that wraps around", "owner beyond") {
            $0.addPax([("uid", "4294967296")])
            $0.add("f")
        },
        HostileLayer("a hard link to itself", "cannot be made") { $0.add("p", kind: "1", link: "p") },
        HostileLayer("a file in a file's place in the path", "cannot be made") {
            $0.add("f")
            $0.add("f/g")
        },
        HostileLayer("a link as the layer's root", "root is not a directory") { $0.add("./", kind: "2", link: "/tmp") },
        HostileLayer("a name nested too deep", "levels deep") {
            $0.add(String(repeating: "d/", count: 300), kind: "5")
        },
        HostileLayer("a truncated file", "not a sound archive") { $0.add("f", claimedSize: 1 << 20) },
        HostileLayer("more bytes than allowed", "larger than") { $0.add("f", claimedSize: 1 << 30) },
        HostileLayer("more entries than allowed", "more than 20 entries") { tar in
            for index in 0..<21 { tar.add("f\(index)") }
        },
    ]
}

@Suite("Hostile layers")
struct HostileLayerTests {
    @Test("nothing of it is kept and nothing outside is touched", arguments: HostileLayer.all)
    func refused(layer: HostileLayer) async throws {
        let workspace = try Workspace()
        try workspace.write(Array("untouched".utf8), to: "canary")
        try workspace.write(dockerArchive([Tar.of(layer.fill)]), to: "a.tar")
        let before = try await workspace.shell("find . -printf '%p %m %n %s\\n' | grep -v ' store' | sort")
        let store = workspace.store(limits: UnpackLimits(entries: 20, bytes: 16 << 20))

        let error = await #expect(throws: ImageStoreError.self) {
            try await store.importArchive("\(workspace.path)/a.tar")
        }

        #expect(error?.description.contains(layer.words) == true, "\(error?.description ?? "")")
        #expect(try store.images().isEmpty)
        #expect(try await workspace.shell("find store/layers store/blobs/sha256 store/references -mindepth 1") == "")
        #expect(try await workspace.shell("rm -r store; find . -printf '%p %m %n %s\\n' | sort") == before)
        #expect(access("/tmp/evil", F_OK) != 0)
    }

    @Test("whiteouts through a link hide nothing, and reach nothing outside")
    func whiteoutsThroughLinks() async throws {
        let workspace = try Workspace()
        let layer = Tar.of { tar in
            tar.add("out", kind: "2", link: "..")
            for name in ["out/.wh.canary", "out/.wh..wh..opq", "out/new/.wh.canary"] { tar.add(name) }
        }
        try workspace.write(dockerArchive([layer]), to: "a.tar")

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/a.tar").first)

        #expect(try await workspace.stacked(image) == ["out"])
        #expect(try await workspace.shell("find store -type c -o -name new -o -name canary") == "")
    }

    @Test("what was made of links replaces them, and reaches nothing they lead to")
    func replacedLinks() async throws {
        let workspace = try Workspace()
        try workspace.write(Array("untouched".utf8), to: "canary")
        let layer = Tar.of { tar in
            tar.add("out", kind: "2", link: "\(workspace.path)/canary")
            tar.add("out", content: Array("mine".utf8))
            tar.add("d", kind: "2", link: workspace.path)
            tar.add("d/", kind: "5", mode: 0o755)
            tar.add("d/f", content: Array("mine".utf8))
            tar.add("hard", kind: "1", link: "out")
            tar.add("hard", content: Array("other".utf8))
        }
        try workspace.write(dockerArchive([layer]), to: "a.tar")

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/a.tar").first)

        #expect(try await workspace.stacked(image) == ["d", "d/f", "hard", "out"])
        #expect(try await workspace.shell("cat canary; ls d f 2>&1 | grep -c 'No such' | tr -d '\\n'") == "untouched2")
        #expect(try await workspace.shell("cat \(image.layers[0])/out \(image.layers[0])/hard") == "mineother")
    }

    @Test("a small layer that grows without end is stopped by the ratio")
    func bomb() async throws {
        let workspace = try Workspace()
        try await workspace.shell(
            """
            mkdir layer && truncate -s 64M layer/zeros && tar -C layer -cf layer.tar . && gzip -9 -k layer.tar
            """)
        let diffID = try await workspace.shell("sha256sum layer.tar | cut -d' ' -f1 | tr -d '\\n'")
        let digest = try #require(Digest(hex: diffID))
        let bomb = try await workspace.bytes(of: "layer.tar.gz")
        try workspace.write(dockerArchive([bomb], diffIDs: [digest]), to: "a.tar")

        let error = await #expect(throws: ImageStoreError.self) {
            try await workspace.store(limits: UnpackLimits(ratio: 200, ratioFloor: 1 << 20))
                .importArchive("\(workspace.path)/a.tar")
        }

        #expect(error?.description.contains("when decompressed") == true, "\(error?.description ?? "")")
    }

    @Test("device nodes are left out, and so is an attribute that would speak to overlayfs")
    func devices() async throws {
        let workspace = try Workspace()
        try await workspace.shell(
            """
            mkdir -p layer/d && cd layer && echo x > f && mknod null c 1 3 && mknod hide c 0 0 && mknod disk b 8 0
            """)
        try workspace.setAttribute("trusted.overlay.redirect", "/etc", of: "layer/d")
        try workspace.setAttribute("user.kept", "v", of: "layer/d")
        try await workspace.shell("tar --xattrs --xattrs-include='*' -C layer -cf layer.tar .")
        try workspace.write(dockerArchive([try await workspace.bytes(of: "layer.tar")]), to: "a.tar")

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/a.tar").first)

        #expect(try await workspace.stacked(image) == ["d", "f"])
        let attributes = try await workspace.shell(
            "tar --xattrs --xattrs-include='*' -C \(image.layers[0]) -cf - d | tr -c '[:print:]' '\\n' | grep -o 'SCHILY.*'"
        )
        #expect(attributes == "SCHILY.xattr.user.kept=v\n")
    }
}
