import GitSource
import Glibc
import Linux
import Testing

@Suite("A repository on a server")
struct NetworkTests {
    @Test("a server that falls silent is given up at the deadline, and its worker is dead")
    func silent() async throws {
        try await TestRepository.with { repository in
            let server = try LoopbackListener()
            let source = repository.source(url: "git://127.0.0.1:\(server.port)/a.git", timeout: .milliseconds(500))

            #expect(
                await report { try await source.head() }
                    == "repository git://127.0.0.1:\(server.port)/a.git had not answered after 0.5 seconds; "
                    + "check the network, or allow more time")
            // Once the worker is gone, its connection ends after the request that it sent.
            let request = try server.accept().readToEnd()
            #expect(String(decoding: request, as: UTF8.self).contains("git-upload-pack /a.git"))
        }
    }

    @Test("a server that is not there is reported with the reason")
    func refused() async throws {
        try await TestRepository.with { repository in
            // Nobody else gets the port of a socket that is bound and does not listen.
            let socket = try LoopbackListener(isListening: false)
            let url = "git://127.0.0.1:\(socket.port)/a.git"

            #expect(
                await report { try await repository.source(url: url).head() }
                    == "cannot read repository \(url): failed to connect to 127.0.0.1: Connection refused; "
                    + "check the URL, and that this machine can reach it")
        }
    }

    @Test("refs, tags and commits are followed over git's own protocol, fetching only the wanted ref")
    func daemon() async throws {
        try await TestRepository.with { repository in
            let first = try await repository.push(["pod.yaml": "one"])
            try await repository.git("tag", "-a", "v1", "-m", "One")
            try await repository.git("push", "-q", "--tags")
            let unwanted = try await repository.push(["pod.yaml": "two"], to: "other")
            try await repository.git("reset", "-q", "--hard", first)
            try await withDaemon(serving: repository.directory) { port in
                let url = "git://127.0.0.1:\(port)/remote.git"
                let source = repository.source(url: url)

                #expect(try await source.head().commit == first)
                #expect(try await source.snapshot().texts == ["pod.yaml": "one"])
                #expect(try await repository.source(ref: "v1", url: url).snapshot().commit.revision.commit == first)
                let third = try await repository.push(["pod.yaml": "three"])
                #expect(try await source.snapshot().commit.revision.commit == third)
                let objects = try await repository.run(
                    "/usr/bin/git", "-C", repository.clone, "cat-file", "--batch-check", "--batch-all-objects")
                #expect(!objects.contains(unwanted))
                #expect(try await repository.source(ref: unwanted, url: url).snapshot().texts == ["pod.yaml": "two"])
                #expect(
                    await report { try await repository.source(ref: "mian", url: url).head() }
                        == "no ref \"mian\" in \(url); it has main, other, v1")
            }
        }
    }

    /// Answers with `git daemon` on a free port of the loopback address.
    private func withDaemon(serving directory: String, _ body: (UInt16) async throws -> Void) async throws {
        // As inetd does it: the test owns the socket, so that no port is guessed and nothing is waited for.
        let listener = try LoopbackListener()
        try startThread {
            // Ends when the listener stops, or with a daemon that cannot start: then the test misses its answer.
            while let connection = try? listener.accept(),
                (try? Self.answer(connection, from: directory)) != nil
            {}
        }
        defer { listener.stop() }
        try await body(listener.port)
    }

    private static func answer(_ connection: borrowing Descriptor, from directory: String) throws(SystemError) {
        let daemon = try spawn(
            executable: "/usr/bin/git",
            arguments: ["daemon", "--inetd", "--export-all", "--base-path=\(directory)"],
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": directory, "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            ],
            descriptors: [0: connection.raw, 1: connection.raw])
        try daemon.reap()
    }
}
