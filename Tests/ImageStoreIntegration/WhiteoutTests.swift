import ImageStore
import Testing

@Suite("Whiteouts")
struct WhiteoutTests {
    private static let lower = Tar.of { tar in
        for directory in ["a/", "a/b/", "c/"] { tar.add(directory, kind: "5", mode: 0o755) }
        for file in ["a/1", "a/b/2", "c/3", "d"] { tar.add(file) }
    }

    @Test(
        "an upper layer hides what the specification says",
        arguments: [
            (["a/.wh.1"], ["a", "a/b", "a/b/2", "c", "c/3", "d"]),
            ([".wh.a", ".wh.d"], ["c", "c/3"]),
            (["a/.wh..wh..opq", "a/new"], ["a", "a/new", "c", "c/3", "d"]),
            (["a/new", "a/.wh..wh..opq"], ["a", "a/new", "c", "c/3", "d"]),
            // Of lower layers only, wherever it stands: the directory of the same layer stays, without its past.
            ([".wh.a", "a/new"], ["a", "a/new", "c", "c/3", "d"]),
            (["a/new", ".wh.a"], ["a", "a/new", "c", "c/3", "d"]),
            (["d", ".wh.d"], ["a", "a/1", "a/b", "a/b/2", "c", "c/3", "d"]),
            ([".wh.missing"], ["a", "a/1", "a/b", "a/b/2", "c", "c/3", "d"]),
            (["a/b/.wh.2", "a/b/.wh..wh.plnk"], ["a", "a/1", "a/b", "c", "c/3", "d"]),
            (["c/x/.wh.y", "c/.wh..wh..opq"], ["a", "a/1", "a/b", "a/b/2", "c", "d"]),
            (["a", "a/.wh.1"], ["a", "c", "c/3", "d"]),
        ])
    func hides(upper: [String], expected: [String]) async throws {
        let workspace = try Workspace()
        let layer = Tar.of { tar in for name in upper { tar.add(name) } }
        try workspace.write(dockerArchive([WhiteoutTests.lower, layer]), to: "a.tar")

        let image = try #require(try await workspace.store().importArchive("\(workspace.path)/a.tar").first)

        #expect(try await workspace.stacked(image) == expected)
    }
}
