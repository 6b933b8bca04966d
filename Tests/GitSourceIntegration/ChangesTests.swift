import GitSource
import Glibc
import Manifests
import Testing

@Suite("What changed between two revisions")
struct ChangesTests {
    @Test("a file's content id is its blob's id, and equal contents have equal ids")
    func contentID() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["a.yaml": "one", "web/b.yaml": "one", "c.yaml": "two"])

            let files = try await repository.source().snapshot().files

            let ids = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.contentID?.description) })
            #expect(ids["a.yaml"] == (try await repository.git("rev-parse", "HEAD:a.yaml")))
            #expect(ids["web/b.yaml"] == ids["a.yaml"])
            #expect(ids["c.yaml"] == (try await repository.git("rev-parse", "HEAD:c.yaml")))
        }
    }

    @Test(
        "a source that saw earlier revisions and one that sees the first read the same",
        arguments: [
            "echo two >web/a.yaml", "rm web/a.yaml", "git mv web/a.yaml web/z.yaml", "git mv web apps/site",
            "rm -r web && echo file >web", "rm -r web && echo file >web.yaml", "rm top.yaml && mkdir top.yaml",
            "rm top.yaml && mkdir -p top.yaml && echo deep >top.yaml/deep.yml", "echo x >README",
            "chmod +x web/a.yaml", "mkdir -p web/.hidden && echo x >web/.hidden/b.yaml", "echo >web.yaml",
            "ln -s a.yaml web/link.yaml", "ln -s ../README web/READ", "head -c 3000 /dev/zero >web/a.yaml",
            "git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),vendor",
            "ln -s a.yaml web/link.yaml && git add -A && git commit -qm Link && rm README",
            "ln -s web/a.yaml link.yaml && git add -A && git commit -qm Link && rm link.yaml",
        ])
    func incremental(change: String) async throws {
        try await TestRepository.with { repository in
            var limits = SourceLimits()
            limits.fileBytes = 2000
            let source = repository.source(limits: limits)
            try await repository.push([
                "top.yaml": "top", "README": "text", "web/a.yaml": "one", "web/b.yaml": "two", "apps/c/d.json": "three",
            ])
            symlink("../README", "\(repository.directory)/checkout/apps/READ")
            try await repository.push([:])
            _ = try await source.snapshot()
            // With a link that means something else once its target is gone, and without.
            for step in ["rm README", "echo again >README; rm apps/READ", change, change + "; true", "echo 5 >e.yaml"] {
                try await repository.run(
                    "/bin/sh", "-c", "cd \(repository.directory)/checkout && { \(step); } 2>&1 || :")
                try await repository.push([:])

                let fresh = repository.source(clone: "\(repository.directory)/fresh", limits: limits)
                #expect(try await source.snapshot() == (try await fresh.snapshot()), "after: \(step)")
            }
        }
    }

    @Test("what is taken back by a force-push is taken back, and comes again")
    func rewritten() async throws {
        try await TestRepository.with { repository in
            let source = repository.source()
            let first = try await repository.push(["a.yaml": "one"])
            _ = try await source.snapshot()
            let second = try await repository.push(["a.yaml": "two", "b.yaml": "new"])
            #expect(try await source.snapshot().texts == ["a.yaml": "two", "b.yaml": "new"])

            try await repository.git("push", "-q", "--force", "origin", "\(first):refs/heads/main")
            #expect(try await source.snapshot().texts == ["a.yaml": "one"])
            try await repository.git("push", "-q", "origin", "\(second):refs/heads/main")
            #expect(try await source.snapshot().texts == ["a.yaml": "two", "b.yaml": "new"])
        }
    }

    @Test("a clone that was made anew is read anew")
    func repaired() async throws {
        try await TestRepository.with { repository in
            let source = repository.source()
            try await repository.push(["a.yaml": "one", "b.yaml": "one"])
            _ = try await source.snapshot()

            try await repository.run("/bin/sh", "-c", "rm -r \(repository.clone)/objects")
            try await repository.git("checkout", "-q", "--orphan", "other")
            try await repository.push(["a.yaml": "two"], to: "other")
            try await repository.git("push", "-q", "--force", "origin", "HEAD:refs/heads/main")

            #expect(try await source.snapshot().texts == ["a.yaml": "two", "b.yaml": "one"])
        }
    }

    @Test("limits are of the whole, not of the change")
    func limits() async throws {
        try await TestRepository.with { repository in
            var limits = SourceLimits()
            limits.files = 2
            let source = repository.source(limits: limits)
            try await repository.push(["a.yaml": "one", "b.yaml": "one"])
            _ = try await source.snapshot()

            let commit = try await repository.push(["c.yaml": "one"])

            #expect(
                await report { try await source.snapshot() }
                    == "more than 2 manifests below the top of the tree at revision \(commit.prefix(7)); "
                    + "follow a directory with fewer")
        }
    }
}
