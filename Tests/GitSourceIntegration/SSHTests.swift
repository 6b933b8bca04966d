import GitSource
import Glibc
import Linux
import Manifests
import Testing

@Suite("A repository behind ssh")
struct SSHTests {
    private func with(
        _ body: (TestRepository, SSHServer, (String) -> Void, GitAccess) async throws -> Void
    ) async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let server = try await SSHServer(in: repository)
            defer { server.listener.stop() }
            let file = "\(repository.directory)/known_hosts"
            let access = GitAccess(sshKeyFile: server.key, knownHostsFile: file)
            let know =
                { (text: String) in
                    // A test that cannot write fails where it reads.
                    try? Descriptor.open(file, O_WRONLY | O_CREAT | O_TRUNC).writeAll(Array(text.utf8))
                } as (String) -> Void
            try await body(repository, server, know, access)
        }
    }

    private func url(_ server: SSHServer, _ repository: TestRepository, user: String = "git@") -> String {
        "ssh://\(user)127.0.0.1:\(server.port)\(repository.path)"
    }

    @Test("is followed with a key, and its host key known by name, pattern or hash, among others")
    func followed() async throws {
        try await with { repository, server, know, access in
            let source = repository.source(url: url(server, repository, user: ""), access: access)
            let hashed = try server.knownHosts(host: "[127.0.0.1]:\(server.port)")
            know(hashed + "\n")
            try await repository.run("/usr/bin/ssh-keygen", "-q", "-H", "-f", access.knownHostsFile)
            let hash = String(decoding: try Descriptor.open(access.knownHostsFile).readToEnd(), as: UTF8.self)
            #expect(hash.hasPrefix("|1|"))
            let stranger = try server.knownHosts("stranger")

            for (text, contents) in [
                (hash, "two"), (try server.knownHosts(), "three"), (try server.knownHosts("ecdsa"), "four"),
                ("# of ours\n\(stranger)\n\(try server.knownHosts())", "five"),
                (try server.knownHosts(host: "*.example.org,[127.0.0.?]:\(server.port)"), "six"),
            ] {
                know(text + "\n")
                let commit = try await repository.push(["pod.yaml": contents])
                #expect(try await source.head().commit == commit)
                #expect(try await source.snapshot().texts == ["pod.yaml": contents])
            }
        }
    }

    @Test("is not followed while its host key is unknown; the message has what to add, and adding it is enough")
    func unknown() async throws {
        try await with { repository, server, know, access in
            let source = repository.source(url: url(server, repository), access: access)
            let fingerprint = try await repository.run(
                "/usr/bin/ssh-keygen", "-l", "-f", "\(repository.directory)/ssh/ecdsa.pub"
            ).split(separator: " ")[1]
            for text in [nil, "", "example.org ssh-ed25519 AAAA\n", "@cert-authority * ssh-ed25519 AAAA\n"] {
                if let text { know(text) }

                let words = await report { try await source.head() }

                let host = "[127.0.0.1]:\(server.port)"
                #expect(words.hasPrefix("\(host) is not in \(access.knownHostsFile), and showed the host key "))
                #expect(words.contains(fingerprint) || words.contains("ssh-ed25519 SHA256:"))
                let line = try #require(words.firstRange(of: "add the line: "))
                know(String(words[line.upperBound...]) + "\n")
                #expect(try await source.snapshot().texts == ["pod.yaml": "one"])
            }
        }
    }

    @Test("is not followed when its host key is another one, or is revoked")
    func changed() async throws {
        try await with { repository, server, know, access in
            let source = repository.source(url: url(server, repository), access: access)
            let host = "[127.0.0.1]:\(server.port)"
            know("# moved\n" + (try server.knownHosts("stranger")) + "\n")
            let fingerprint = try await repository.run(
                "/usr/bin/ssh-keygen", "-l", "-f", "\(repository.directory)/ssh/ed25519.pub"
            ).split(separator: " ")[1]

            let words = await report { try await source.snapshot() }
            #expect(
                words
                    == "the host key of \(host) is not the one in \(access.knownHostsFile), line 2: it showed "
                    + "ssh-ed25519 \(fingerprint); somebody may be listening in, or the server has a new key: ask its "
                    + "operator, and only then replace the line with: \(try server.knownHosts())")
            know("\(try server.knownHosts())\n@revoked \(try server.knownHosts(host: "*"))\n")
            #expect(
                await report { try await source.snapshot() }
                    == "\(host) showed the host key ssh-ed25519 \(fingerprint), which \(access.knownHostsFile), line 2 "
                    + "revokes; somebody may be listening in: ask its operator")
        }
    }

    @Test("tells which key is missing, unusable or not taken")
    func keys() async throws {
        try await with { repository, server, know, access in
            know(try server.knownHosts() + "\n")
            let url = url(server, repository)
            func words(_ key: String?) async -> String {
                var access = access
                access.sshKeyFile = key
                return await report { try await repository.source(url: url, access: access).head() }
            }
            let ssh = "\(repository.directory)/ssh"
            try await repository.run("/bin/cp", "\(ssh)/key", "\(ssh)/locked")
            try await repository.run("/usr/bin/ssh-keygen", "-q", "-p", "-N", "secret", "-f", "\(ssh)/locked")

            #expect(
                await words(nil)
                    == "no access to repository \(url): there is no key to show to its server; "
                    + "name one with --ssh-key-file")
            #expect(await words("/nowhere/key") == "the SSH key /nowhere/key cannot be used: No such file or directory")
            #expect(
                await words("\(ssh)/key.pub") == "the SSH key \(ssh)/key.pub cannot be used: it is not a private key")
            #expect(
                await words("\(ssh)/locked")
                    == "the SSH key \(ssh)/locked cannot be used: it has a passphrase, and nobody is there to type it; "
                    + "remove it with ssh-keygen -p -N ''")
            #expect(
                await words("\(ssh)/stranger")
                    == "no access to repository \(url): its server does not take the key in \(ssh)/stranger; add the "
                    + "key's public half there for user git, with the right to read this repository")
        }
    }

    @Test("that is not there is told so")
    func missing() async throws {
        try await with { repository, server, know, access in
            know(try server.knownHosts() + "\n")
            let url = "ssh://git@127.0.0.1:\(server.port)/nowhere.git"
            #expect(
                await report { try await repository.source(url: url, access: access).head() }
                    == "no Git repository at \(url): its server says so; check the URL, or create the repository")
        }
    }
}
