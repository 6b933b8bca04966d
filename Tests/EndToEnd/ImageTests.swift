import Testing

@Suite("Images of a node")
struct ImageTests {
    @Test("a directory of archives feeds the node, and an image goes only when no Pod uses it")
    func preloadedAndRemoved() async throws {
        try await TestNode.use(images: []) { node in
            let archives = try await DemoImage.archives(of: [.busybox])
            let directory = "\(node.base)/archives"
            _ = try await node.run("/bin/mkdir", [directory])
            _ = try await node.run("/bin/cp", archives + [directory])
            _ = try await node.run("/bin/sh", ["-c", "head -c 5000 \(archives[0]) >\(directory)/damaged.tar"])
            let commit = ["a/a.yaml": Written.sleeper("a", seconds: 4002)]
            try await node.repository.push(commit, "Run one")

            let said = try await node.agent("reconcile", "--once", "--image-dir", directory)

            #expect(said.status == 0, "\(said)")
            #expect(said.errors.contains("archive skipped"), "\(said)")
            #expect(said.errors.contains("\(directory)/damaged.tar"), "\(said)")
            let list = try await node.agent("image", "list")
            #expect(list.rows.first == ["NAME", "ID", "CREATED", "SIZE"])
            #expect(list.rows.last?.first == "busybox:1.28")
            let refused = try await node.agent("image", "remove", "busybox:1.28")
            #expect(refused.status == 7)
            #expect(
                refused.errors.hasPrefix("error: image busybox:1.28 is used by container main of Pod default/a\n"),
                "\(refused)")

            try await node.repository.push(["a/a.yaml": nil], "Run none")
            #expect(try await node.agent("reconcile", "--once", "--image-dir", directory).status == 0)
            let removed = try await node.agent("image", "remove", "busybox:1.28")
            #expect(removed.output == "deleted busybox:1.28\n", "\(removed)")
            #expect(try await node.agent("image", "list").errors == "No images found\n")
            let absent = try await node.agent("image", "remove", "busybox:1.28")
            #expect(absent.status == 1)
            #expect(absent.errors.hasPrefix("error: no image busybox:1.28 on this node\n"), "\(absent)")
        }
    }
}
