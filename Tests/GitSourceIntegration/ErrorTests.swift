import GitSource
import Linux
import Testing

@Suite("What goes wrong is told")
struct ErrorTests {
    @Test("a missing repository")
    func missingRepository() async throws {
        try await TestRepository.with { repository in
            let url = "file://\(repository.directory)/absent.git"
            let text =
                "no Git repository at \(url): there is no such directory; check the URL, or create the repository"

            #expect(await report { try await repository.source(url: url).head() } == text)
            #expect(await report { try await repository.source(url: url).snapshot() } == text)
        }
    }

    @Test("a directory that is no repository, even inside of one")
    func noRepository() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["web/pod.yaml": "one"])
            let url = "file://\(repository.directory)/checkout/web"

            #expect(
                await report { try await repository.source(url: url).head() }
                    == "no Git repository at \(url): the directory is not a repository; "
                    + "check the URL, or create the repository")
        }
    }

    @Test("a repository without commits", arguments: ["main", "HEAD"])
    func empty(ref: String) async throws {
        try await TestRepository.with { repository in
            let text = "repository \(repository.url) has no commits yet; push one"

            #expect(await report { try await repository.source(ref: ref).head() } == text)
            #expect(await report { try await repository.source(ref: ref).snapshot() } == text)
        }
    }

    @Test("a missing ref is reported with the refs that exist")
    func missingRef() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            try await repository.push(["pod.yaml": "two"], to: "staging")
            try await repository.git("tag", "v1")
            try await repository.git("push", "-q", "--tags")
            let text = "no ref \"mian\" in \(repository.url); it has main, staging, v1"

            #expect(await report { try await repository.source(ref: "mian").head() } == text)
            #expect(await report { try await repository.source(ref: "mian").snapshot() } == text)
        }
    }

    @Test("an abbreviated commit is taken for a ref, with a hint")
    func abbreviatedCommit() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"])

            #expect(
                await report { try await repository.source(ref: String(commit.prefix(7))).head() }
                    == "no ref \"\(commit.prefix(7))\" in \(repository.url); it has main; "
                    + "a commit needs all of its 40 digits")
        }
    }

    @Test("a HEAD that points to no branch, in a repository that has others")
    func unbornHead() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"], to: "other")

            #expect(
                await report { try await repository.source(ref: "HEAD").head() }
                    == "no ref \"HEAD\" in \(repository.url); it has other")
        }
    }

    @Test("a missing commit")
    func missingCommit() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let commit = String(repeating: "ab", count: 20)

            #expect(
                await report { try await repository.source(ref: commit).snapshot() }
                    == "no commit \(commit) in \(repository.url); push it, or follow a branch or tag that exists")
        }
    }

    @Test("a tag of something else than a commit")
    func notACommit() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            try await repository.git("tag", "-a", "file", "-m", "A file", "HEAD:pod.yaml")
            try await repository.git("push", "-q", "--tags")

            #expect(
                await report { try await repository.source(ref: "file").snapshot() }
                    == "ref \"file\" in \(repository.url) does not point to a commit; "
                    + "follow a branch, or a tag of a commit")
        }
    }

    @Test("a missing directory is reported with those that exist")
    func missingPath() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["nodes/a/pod.yaml": "", "nodes/b/pod.yaml": "", "x.yaml": ""])

            #expect(
                await report { try await repository.source(path: "nodes/c/web").snapshot() }
                    == "no directory \"nodes/c/web\" at revision \(commit.prefix(7)); "
                    + "\"nodes\" has the directories a, b")
            #expect(
                await report { try await repository.source(path: "node").snapshot() }
                    == "no directory \"node\" at revision \(commit.prefix(7)); "
                    + "the top of the tree has the directories nodes")
        }
    }

    @Test("a file in place of the directory")
    func file() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["web/pod.yaml": "one"])

            #expect(
                await report { try await repository.source(path: "web/pod.yaml").snapshot() }
                    == "\"web/pod.yaml\" is a file, not a directory, at revision \(commit.prefix(7)); "
                    + "give the directory that holds it")
        }
    }

    @Test(
        "a URL that cannot be followed is refused, without telling its password",
        arguments: [
            ("manifests.git", "manifests.git"), ("../manifests", "../manifests"), ("file://host/a", "file://host/a"),
            ("ftp://ada:secret@example.org/a.git", "ftp://ada:***@example.org/a.git"),
        ])
    func url(given: String, told: String) async throws {
        try await TestRepository.with { repository in
            #expect(
                await report { try await repository.source(url: given).head() }
                    == "cannot follow repository \"\(told)\": give a URL (https://, ssh://, git://, "
                    + "file:///absolute/path), user@host:path, or an absolute path")
        }
    }

    @Test("a worker that says nothing is reported with its last words")
    func silentWorker() async throws {
        let source = GitSource(
            remote: GitRemote(url: "file:///", ref: "main"), clone: "/nowhere",
            worker: .init(executable: "/bin/sh", arguments: ["-c", "echo out of memory >&2; kill -SEGV $$"]),
            timeout: .seconds(30))

        #expect(
            await report { try await source.head() }
                == "the git worker gave no answer: it ended with signal 11 (Segmentation fault) "
                + "and said: out of memory")
    }
}
