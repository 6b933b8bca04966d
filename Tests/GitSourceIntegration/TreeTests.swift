import GitSource
import Glibc
import Manifests
import Testing

@Suite("Reading a tree")
struct TreeTests {
    @Test("only manifests below the directory are read, by paths relative to it")
    func selection() async throws {
        try await TestRepository.with { repository in
            try await repository.push([
                "README.md": "no", "top.yaml": "no", "node/a.yaml": "a", "node/web/b.yml": "b", "node/web/c.json": "c",
                "node/web/d.sh": "no", "node/.hidden.yaml": "no", "node/.github/e.yaml": "no", "nodes/f.yaml": "no",
            ])

            let snapshot = try await repository.source(path: "./node/").snapshot()

            #expect(snapshot.texts == ["a.yaml": "a", "web/b.yml": "b", "web/c.json": "c"])
            #expect(snapshot.files.map(\.path) == ["a.yaml", "web/b.yml", "web/c.json"])
            #expect(snapshot.unreadable == [])
        }
    }

    @Test("the tree is read without a checkout")
    func noCheckout() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["web/pod.yaml": "one"])

            _ = try await repository.source().snapshot()

            let names = try await repository.run("/usr/bin/find", repository.clone, "-name", "*.yaml")
            #expect(names == "")
            #expect(try await repository.run("/usr/bin/stat", "-c", "%a", repository.clone) == "700")
        }
    }

    @Test("a link is named, not followed, unless it leads to a plain file that is no manifest")
    func links() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["shared/pod.yaml": "one", "README": "text"])
            for (name, target) in [
                ("web.yaml", "/etc/shadow"), ("apps", "./shared"), ("READ", "README"), ("dead", "../nowhere"),
            ] {
                symlink(target, "\(repository.directory)/checkout/\(name)")
            }
            try await repository.push([:])

            let snapshot = try await repository.source().snapshot()

            #expect(snapshot.texts == ["shared/pod.yaml": "one"])
            #expect(
                snapshot.unreadable.map(\.description) == [
                    "apps is a symbolic link to ./shared, and links are not followed; commit what it leads to",
                    "dead is a symbolic link to ../nowhere, and links are not followed; commit what it leads to",
                    "web.yaml is a symbolic link to /etc/shadow, and links are not followed; commit what it leads to",
                ])
        }
    }

    @Test("a submodule is named, not read")
    func submodules() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"])
            try await repository.git("update-index", "--add", "--cacheinfo", "160000,\(commit),vendor/charts")
            try await repository.git("commit", "-qm", "Add a submodule")
            try await repository.git("push", "-q", "origin", "HEAD:main")

            let snapshot = try await repository.source().snapshot()

            #expect(snapshot.texts == ["pod.yaml": "one"])
            #expect(snapshot.submodules == ["vendor/charts"])
        }
    }

    @Test("a file over the limit is named, not read")
    func largeFile() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["large.yaml": "12345", "small.yaml": "1234"])
            var limits = SourceLimits()
            limits.fileBytes = 4

            let snapshot = try await repository.source(limits: limits).snapshot()

            #expect(snapshot.texts == ["small.yaml": "1234"])
            #expect(
                snapshot.unreadable.map(\.description) == [
                    "large.yaml holds 5 bytes, more than the 4 a manifest may have; split it"
                ])
        }
    }

    @Test("a tree with too many files or bytes is refused")
    func limits() async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["web/a.yaml": "1234", "web/b.yaml": "1234"])
            var (few, little) = (SourceLimits(), SourceLimits())
            few.files = 1
            little.totalBytes = 7

            #expect(
                await report { try await repository.source(path: "web", limits: few).snapshot() }
                    == "more than 1 manifests below \"web\" at revision \(commit.prefix(7)); "
                    + "follow a directory with fewer")
            #expect(
                await report { try await repository.source(limits: little).snapshot() }
                    == "more than 7 bytes of manifests below the top of the tree at revision \(commit.prefix(7)); "
                    + "follow a directory with fewer")
        }
    }
}
