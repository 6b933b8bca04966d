import GitSource
import Testing

@Suite("Following a ref")
struct FollowingTests {
    @Test("a push moves the head, and the snapshot is what was pushed")
    func push() async throws {
        try await TestRepository.with { repository in
            let source = repository.source()
            let first = try await repository.push(["web/pod.yaml": "one"])
            #expect(try await source.head().commit == first)
            #expect(try await source.snapshot().texts == ["web/pod.yaml": "one"])

            let second = try await repository.push(["web/pod.yaml": "two", "db/pod.yml": "three"], "Grow")

            #expect(try await source.head().commit == second)
            let snapshot = try await source.snapshot()
            #expect(snapshot.commit.revision.commit == second)
            #expect(snapshot.texts == ["web/pod.yaml": "two", "db/pod.yml": "three"])
        }
    }

    @Test("the commit says who wrote it and when it was committed")
    func commit() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"], "Start nginx\n\nBecause.")

            let info = try await repository.source().snapshot().commit

            #expect(
                info
                    == CommitInfo(
                        revision: try #require(Revision(commit)), authorName: "Ada Lovelace",
                        authorEmail: "ada@example.org", committedAt: 1_700_000_001, subject: "Start nginx"))
        }
    }

    @Test(
        "a ref is a branch, a tag, an annotated tag, a full ref or HEAD",
        arguments: ["main", "v1", "v1-annotated", "refs/heads/main", "refs/tags/v1-annotated", "HEAD", "tags/v1"])
    func refs(ref: String) async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"])
            try await repository.git("tag", "v1")
            try await repository.git("tag", "-a", "v1-annotated", "-m", "One")
            try await repository.git("push", "-q", "--tags")

            #expect(try await repository.source(ref: ref).head().commit == commit)
            #expect(try await repository.source(ref: ref).snapshot().commit.revision.commit == commit)
        }
    }

    @Test("a tag does not divert those who follow the branch of the same name")
    func branchBeforeTag() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "old"])
            try await repository.git("tag", "main")
            try await repository.git("push", "-q", "origin", "refs/tags/main")
            try await repository.push(["pod.yaml": "new"])

            #expect(try await repository.source().snapshot().texts == ["pod.yaml": "new"])
        }
    }

    @Test("a commit stays what it is, and needs no repository once it was fetched")
    func pinned() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "old"])
            try await repository.push(["pod.yaml": "new"])
            let source = repository.source(ref: commit)
            #expect(try await source.snapshot().texts == ["pod.yaml": "old"])

            try await repository.run("/bin/rm", "-rf", repository.path)

            #expect(try await source.head().commit == commit)
            #expect(try await source.snapshot().texts == ["pod.yaml": "old"])
        }
    }

    @Test("a rewritten branch is followed")
    func rewritten() async throws {
        try await TestRepository.with { repository in
            let source = repository.source()
            try await repository.push(["pod.yaml": "one"])
            try await repository.push(["pod.yaml": "two"])
            _ = try await source.snapshot()

            try await repository.git("reset", "-q", "--hard", "HEAD~1")
            try await repository.write("pod.yaml", "three")
            try await repository.git("commit", "-qam", "Instead")
            try await repository.git("push", "-qf", "origin", "HEAD:main")

            #expect(try await source.snapshot().texts == ["pod.yaml": "three"])
        }
    }

    @Test("a repository is given by URL or absolute path, bare or with a work tree")
    func urls() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"])
            let work = "\(repository.directory)/checkout"

            for url in [repository.path, "file://localhost\(repository.path)", work, "file://\(work)/%2Egit"] {
                #expect(try await repository.source(url: url).snapshot().commit.revision.commit == commit)
            }
        }
    }

    @Test("a repository that belongs to another user is read")
    func otherOwner() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"])
            try await repository.run("/bin/chown", "-R", "nobody", repository.path)

            #expect(try await repository.source().head().commit == commit)
            #expect(try await repository.source().snapshot().commit.revision.commit == commit)
        }
    }
}
