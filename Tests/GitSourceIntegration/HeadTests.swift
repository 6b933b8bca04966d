import GitSource
import Linux
import Testing

@Suite("Where a branch of a local repository points")
struct HeadTests {
    /// A source whose worker answers nothing: what it says, it found by itself.
    private func source(
        of repository: TestRepository, ref: String = "main", url: String? = nil
    ) -> GitSource {
        GitSource(
            remote: GitRemote(url: url ?? repository.url, ref: ref), clone: repository.clone,
            worker: WorkerCommand(executable: "/bin/false"), timeout: .seconds(30))
    }

    @Test(
        "is found without a worker", arguments: ["main", "refs/heads/main", "HEAD"], [true, false])
    func plain(ref: String, isPacked: Bool) async throws {
        try await TestRepository.with { repository in
            try await repository.push(["a.yaml": "one"], to: "mai")
            try await repository.push(["a.yaml": "one"], to: "maintenance")
            let source = source(of: repository, ref: ref)
            for text in ["two", "three"] {
                let commit = try await repository.push(["a.yaml": text])
                if isPacked { try await repository.run("/usr/bin/git", "-C", repository.path, "pack-refs", "--all") }

                #expect(try await source.head().commit == commit)
            }
        }
    }

    @Test("is found in a repository with a work tree")
    func workTree() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["a.yaml": "one"])
            let source = source(of: repository, url: "\(repository.directory)/checkout")

            #expect(try await source.head().commit == commit)
        }
    }

    @Test(
        "is left to a worker where anything is unusual",
        arguments: [
            "mkdir reftable", "echo .. >commondir", "mv HEAD HEAD.away", "echo damaged >refs/heads/main",
            "echo 'ref: refs/heads/main' >refs/heads/main", "rm refs/heads/main", "rm -r objects",
        ])
    func unusual(what: String) async throws {
        try await TestRepository.with { repository in
            try await repository.push(["a.yaml": "one"])
            try await repository.run("/bin/sh", "-c", "cd \(repository.path) && \(what)")

            #expect(
                await report { try await source(of: repository).head() }
                    == "the git worker gave no answer: it ended with exit code 1")
        }
    }

    @Test("an annotated tag is resolved by a worker once")
    func tag() async throws {
        try await TestRepository.with { repository in
            let first = try await repository.push(["a.yaml": "one"])
            try await repository.git("tag", "-a", "v1", "-m", "One")
            try await repository.git("push", "-q", "--tags")
            let source = repository.source(ref: "v1")
            #expect(try await source.head().commit == first)
            #expect(try await source.head().commit == first)

            let second = try await repository.push(["a.yaml": "two"])
            try await repository.git("tag", "-f", "-a", "v1", "-m", "Two")
            try await repository.git("push", "-q", "--force", "--tags")

            #expect(try await source.head().commit == second)
        }
    }
}
