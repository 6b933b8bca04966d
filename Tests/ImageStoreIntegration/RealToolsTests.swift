import Glibc
import ImageStore
import Linux
import Testing

@Suite("Archives of real tools")
struct RealToolsTests {
    /// A tree with everything a layer may hold.
    static let tree = """
        mkdir -p tree/etc tree/bin tree/var/lib/deep/er 'tree/with space' tree/sticky
        echo content > tree/etc/file && ln tree/etc/file tree/etc/twin && ln -s /etc/file tree/absolute
        ln -s ../etc/file tree/bin/relative && ln -s nowhere tree/dangling && mkfifo -m 640 tree/fifo
        cp /bin/true tree/bin/su && chown 7:8 tree/bin/su && chmod 4755 tree/bin/su
        cp /bin/true tree/bin/sg && chmod 2755 tree/bin/sg && chmod 1777 tree/sticky
        echo ü > 'tree/with space/üñí' && printf 'x' > "$(printf 'tree/raw\\377name')" && : > tree/empty
        echo long > "tree/$(printf '%0200d' 1)" && chown -h 1000:2000 tree/absolute && chmod 0 tree/empty
        truncate -s 8M tree/sparse && printf end >> tree/sparse && chmod 500 tree/var/lib/deep
        find tree -print0 | xargs -0 touch -h -d '2001-02-03 04:05:06.123456789 UTC'
        """

    private func makeTree(in workspace: Workspace) async throws {
        try await workspace.shell(RealToolsTests.tree)
        try workspace.setAttribute("user.note", "kept", of: "tree/etc/file")
        let netBindService = [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12)
        try Descriptor.open("\(workspace.path)/tree/bin/sg").setExtendedAttribute("security.capability", netBindService)
        try await workspace.shell("tar --format=posix --xattrs --xattrs-include='*' -C tree -cf layer.tar .")
        try workspace.write(
            dockerArchive([try await workspace.bytes(of: "layer.tar")], tags: ["app:1"]), to: "docker.tar")
    }

    @Test("an unpacked layer equals the tree it was made from")
    func faithful() async throws {
        let workspace = try Workspace()
        try await makeTree(in: workspace)

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/docker.tar").first)

        #expect(try await workspace.fingerprint(image.layers[0]) == workspace.fingerprint("tree"))
        #expect(image.reference.description == "docker.io/library/app:1")
        #expect(
            image.config
                == ImageConfig(
                    cmd: ["/run"], env: ["A=b"], user: "7:8", workingDir: "/w", stopSignal: "SIGQUIT",
                    labels: ["l": "v"]))
        #expect(try workspace.store().image(ImageReference(parsing: "app:1")) == image)
        #expect(try workspace.store().image(ImageReference(parsing: "app:2")) == nil)
    }

    @Test(
        "skopeo's formats give the same image and the same tree",
        arguments: [
            "docker-archive:out:app:2", "oci-archive:out:app:2", "oci:out:app:2",
            "--dest-compress-format=zstd oci:out:app:2",
        ])
    func skopeo(destination: String) async throws {
        let workspace = try Workspace()
        try await makeTree(in: workspace)
        try await workspace.shell("skopeo --insecure-policy copy -q docker-archive:docker.tar \(destination)")

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/out").first)

        #expect(image.reference.familiar == "app:2")
        #expect(image.config.cmd == ["/run"])
        #expect(try await workspace.fingerprint(image.layers[0]) == workspace.fingerprint("tree"))
    }

    @Test("an archive may be compressed as a whole", arguments: ["gzip", "zstd"])
    func compressed(program: String) async throws {
        let workspace = try Workspace()
        try await makeTree(in: workspace)
        try await workspace.shell("\(program) -q -c docker.tar > out")

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/out").first)

        #expect(try await workspace.fingerprint(image.layers[0]) == workspace.fingerprint("tree"))
    }

    @Test(
        "stacked layers equal what umoci unpacks: names, modes, owners, times, links, attributes and content",
        arguments: ["imported", "pulled"])
    func umociTree(way: String) async throws {
        let workspace = try Workspace()
        try await workspace.shell(RealToolsTests.tree)
        try workspace.setAttribute("user.note", "kept", of: "tree/etc/file")
        try Descriptor.open("\(workspace.path)/tree/bin/sg").setExtendedAttribute(
            "security.capability", [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12))
        try await workspace.shell(
            """
            umoci init --layout l && umoci new --image l:t && umoci unpack --image l:t b 2>/dev/null
            cp -a tree/. b/rootfs/ && umoci repack --image l:t b 2>/dev/null
            rm -r b && umoci unpack --image l:t b 2>/dev/null
            rm b/rootfs/etc/twin b/rootfs/bin/relative && chmod 640 b/rootfs/etc/file && ln -s elsewhere b/rootfs/bin/relative
            mkdir -m 2775 b/rootfs/new && chown 9:9 b/rootfs/new && echo x >b/rootfs/new/x && umoci repack --image l:t b 2>/dev/null
            rm -r b && umoci unpack --image l:t b 2>/dev/null
            """)
        let image = try await way == "pulled" ? pulled("oci:l:t", in: workspace) : imported("l", in: workspace)

        #expect(image.layers.count == 2)
        let lower = image.layers.reversed().joined(separator: ":")
        try await workspace.shell(
            """
            cat >pack <<'END'
            cd "$1" && find . -mindepth 1 -maxdepth 1 -print0 | LC_ALL=C sort -z | LC_ALL=C tar --null -T - \
                --format=posix --pax-option=exthdr.name=x,delete=atime,delete=ctime --sort=name --numeric-owner \
                --xattrs --xattrs-include='user.*' --xattrs-include='security.*' -cf -
            END
            mkdir merged && sh pack b/rootfs >theirs.tar
            unshare --mount sh -euc 'mount -t overlay overlay -o ro,lowerdir=\(lower) merged && sh pack merged >ours.tar'
            """)
        let differences = try await workspace.shell(
            """
            for side in theirs ours; do tar --xattrs --xattrs-include='*' -vvtf $side.tar >$side.list; done
            cmp -s theirs.tar ours.tar || diff theirs.list ours.list || :
            """)
        #expect(differences == "")
        #expect(try await workspace.shell("cmp theirs.tar ours.tar; tar tf ours.tar").contains("new/x"))
    }

    private func imported(_ layout: String, in workspace: Workspace) async throws -> StoredImage {
        let name = try ImageReference(parsing: "umoci/made:1")
        return try #require(try await workspace.store().importArchive("\(workspace.path)/\(layout)", as: name).first)
    }

    private func pulled(_ source: String, in workspace: Workspace) async throws -> StoredImage {
        let server = try await RegistryServer.start(in: workspace)
        try await server.push(source, as: "umoci/made:1")
        return try await workspace.store().pull(
            ImageReference(parsing: "\(server.host)/umoci/made:1"), from: RegistryClient())
    }

    @Test("what umoci removes in an upper layer is gone, and what it replaces is new")
    func umoci() async throws {
        let workspace = try Workspace()
        try await workspace.shell(
            """
            umoci init --layout l && umoci new --image l:t && umoci unpack --image l:t b 2>/dev/null
            mkdir -p b/rootfs/dir/sub b/rootfs/replaced && touch b/rootfs/dir/sub/x b/rootfs/keep b/rootfs/gone
            touch b/rootfs/replaced/old && umoci repack --image l:t b 2>/dev/null
            rm -r b && umoci unpack --image l:t b 2>/dev/null
            rm -r b/rootfs/gone b/rootfs/dir/sub b/rootfs/replaced && touch b/rootfs/replaced && umoci repack --image l:t b
            """)

        let store = workspace.store()
        let unnamed = await #expect(throws: ImageStoreError.self) {
            try await store.importArchive("\(workspace.path)/l")
        }
        let name = try ImageReference(parsing: "umoci/made:1")
        let image = try #require(try await store.importArchive("\(workspace.path)/l", as: name).first)

        #expect(unnamed?.description.contains("carries no full name") == true)
        #expect(try await workspace.stacked(image) == ["dir", "keep", "replaced"])
    }
}
