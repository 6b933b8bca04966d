import GitServer
import GitSource
import Glibc
import Linux
import Manifests
import Testing

@Suite("A repository behind https")
struct HTTPSTests {
    @Test("is followed with a certificate authority of one's own, fetching only the wanted ref")
    func authority() async throws {
        try await TestRepository.with { repository in
            let first = try await repository.push(["pod.yaml": "one"])
            let unwanted = try await repository.push(["other.yaml": "two"], to: "other")
            try await repository.git("reset", "-q", "--hard", first)
            let certificate = try await repository.makeCertificate()
            let server = try BackendServer(serving: repository.directory, certificate: certificate)
            let url = server.url("remote.git")
            let source = repository.source(url: url, access: GitAccess(authoritiesFile: "\(certificate).crt"))

            #expect(try await source.head().commit == first)
            #expect(try await source.snapshot().texts == ["pod.yaml": "one"])
            let second = try await repository.push(["pod.yaml": "three"])
            #expect(try await source.head().commit == second)
            #expect(try await source.snapshot().texts == ["pod.yaml": "three"])
            let objects = try await repository.run(
                "/usr/bin/git", "-C", repository.clone, "cat-file", "--batch-check", "--batch-all-objects")
            #expect(!objects.contains(unwanted))
        }
    }

    @Test("is asked over one connection, poll after poll, and by a new one when the server has closed it")
    func connection() async throws {
        try await TestRepository.with { repository in
            let first = try await repository.push(["pod.yaml": "one"])
            let certificate = try await repository.makeCertificate()
            var server = try BackendServer(serving: repository.directory, certificate: certificate)
            let access = GitAccess(
                username: "ada", secret: .password("s3cret"), authoritiesFile: "\(certificate).crt")
            let source = repository.source(url: server.url("private/remote.git"), access: access)
            for _ in 0..<5 { #expect(try await source.head().commit == first) }
            #expect(try server.connections() == 1)

            let port = server.port
            server.kill()
            server = try BackendServer(serving: repository.directory, certificate: certificate, port: port)
            let second = try await repository.push(["pod.yaml": "two"])
            #expect(try await source.head().commit == second)
            #expect(try await source.head().commit == second)
        }
    }

    @Test("is not followed when its certificate is from nobody we trust, or for another host")
    func untrusted() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let certificate = try await repository.makeCertificate()
            let other = try await repository.makeCertificate("other")
            let server = try BackendServer(serving: repository.directory, certificate: certificate)
            let url = server.url("remote.git")

            let unknown = await report { try await repository.source(url: url).head() }
            #expect(unknown.hasPrefix("the server of \(url) is not to be trusted: "))
            #expect(
                unknown.hasSuffix("if its certificate is from an authority of your own, name that with --git-ca-file"))
            let wrong = await report {
                try await repository.source(url: url, access: GitAccess(authoritiesFile: "\(other).crt")).head()
            }
            #expect(wrong.hasSuffix("add that to \(other).crt"))
            let elsewhere = server.url("remote.git", host: "127.0.0.1")
            let host = await report {
                try await repository.source(url: elsewhere, access: GitAccess(authoritiesFile: "\(certificate).crt"))
                    .head()
            }
            #expect(host.hasPrefix("the server of \(elsewhere) is not to be trusted: "))
            #expect(try server.requests() == [])
        }
    }

    @Test(
        "takes a password or a token from a file, which may be renewed, or from the environment",
        arguments: [
            GitAccess(username: "ada", secret: .passwordFile("secret")),
            GitAccess(username: "ada", secret: .tokenFile("secret")),
            GitAccess(username: "ada", secret: .password("s3cret")),
            GitAccess(username: "ada", secret: .token("s3cret")),
        ])
    func secrets(access: GitAccess) async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let certificate = try await repository.makeCertificate()
            let server = try BackendServer(serving: repository.directory, certificate: certificate)
            var access = access
            access.authoritiesFile = "\(certificate).crt"
            let file = "\(repository.directory)/secret"
            switch access.secret {
            case .passwordFile: access.secret = .passwordFile(file)
            case .tokenFile: access.secret = .tokenFile(file)
            default: break
            }
            let url = server.url("private/remote.git")
            let source = repository.source(url: url, access: access)
            if access.secret?.description.contains(file) == true {
                try Descriptor.open(file, O_WRONLY | O_CREAT).writeAll(Array("old\n".utf8))
                #expect(
                    await report { try await source.head() }
                        == "no access to repository \(url): its server does not take \(access.secret!) for user ada; "
                        + "renew it, and check that it may read this repository")
            }
            try Descriptor.open(file, O_WRONLY | O_CREAT | O_TRUNC).writeAll(Array("s3cret\nsecond line\n".utf8))

            #expect(try await source.snapshot().texts == ["pod.yaml": "one"])
            // What was moved within the host is followed, login and all.
            let moved = repository.source(url: server.url("moved/remote.git"), access: access)
            #expect(try await moved.snapshot().texts == ["pod.yaml": "one"])
            let kept = try await repository.run(
                "/bin/sh", "-c", "grep -rl s3cret \(repository.clone) \(repository.clone).* || :")
            #expect(kept == "")
        }
    }

    @Test("asks for a login that was not given, and for the file that is not there")
    func missingSecret() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let certificate = try await repository.makeCertificate()
            let server = try BackendServer(serving: repository.directory, certificate: certificate)
            let url = server.url("private/remote.git")
            var access = GitAccess(authoritiesFile: "\(certificate).crt")

            #expect(
                await report { try await repository.source(url: url, access: access).head() }
                    == "no access to repository \(url): its server wants to know who we are; "
                    + "name a token with --git-token-file, or --git-username and --git-password-file")
            access.secret = .tokenFile("/nowhere/token")
            #expect(
                await report { try await repository.source(url: url, access: access).head() }
                    == "the token file /nowhere/token cannot be used: No such file or directory")
            access.secret = .password("s3cret")
            #expect(
                await report { try await repository.source(url: url, access: access).head() }
                    == "no access to repository \(url): the password that was given belongs to a user who "
                    + "was not named; name them with --git-username")
            access = GitAccess(authoritiesFile: "/nowhere/ca.pem")
            #expect(
                await report { try await repository.source(url: url, access: access).head() }
                    == "the file of certificate authorities /nowhere/ca.pem cannot be used: No such file or directory")
        }
    }

    @Test("never has its password sent over plain http, in a URL, or to another host")
    func protectedSecret() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let certificate = try await repository.makeCertificate()
            let (plain, other) = (
                try BackendServer(serving: repository.directory),
                try BackendServer(serving: repository.directory, certificate: certificate)
            )
            let server = try BackendServer(
                serving: repository.directory, certificate: certificate, sendingTo: other.port)
            let access = GitAccess(
                username: "ada", secret: .password("s3cret"), authoritiesFile: "\(certificate).crt")

            let plainURL = plain.url("private/remote.git")
            #expect(
                await report { try await repository.source(url: plainURL, access: access).head() }
                    == "no password or token is sent to \(plainURL), where everyone on the way could read it; "
                    + "use https://")
            #expect(try plain.requests() == [])
            #expect(
                await report {
                    try await repository.source(url: "https://ada:s3cret@localhost:\(server.port)/remote.git").head()
                }
                    == "the URL https://ada:***@localhost:\(server.port)/remote.git carries a password, which process "
                    + "lists show; put the password into a file and name it with --git-password-file")
            let away = await report {
                try await repository.source(url: server.url("away/remote.git"), access: access).head()
            }
            #expect(away.hasPrefix("the server of \(server.url("away/remote.git")) sends us elsewhere: "))
            #expect(try other.requests() == [])
            // The password is in no command line while the worker waits.
            let slow = repository.source(url: server.url("slow/remote.git"), timeout: .seconds(6), access: access)
            async let answer = report { try await slow.head() }
            try await Task.sleep(for: .seconds(3))
            let seen = try await repository.run(
                "/bin/sh", "-c",
                """
                for p in /proc/[0-9]*; do case $(readlink $p/exe) in */test-workers)
                    tr '\\0' '\\n' <$p/cmdline; tr '\\0' '\\n' <$p/environ;;
                esac; done
                """)
            #expect(seen.contains("worker") && !seen.contains("s3cret"), "\(seen)")
            #expect(await answer.hasSuffix("had not answered after 6.0 seconds; check the network, or allow more time"))
        }
    }

    @Test("that hides itself, is not there or has nothing is told so")
    func refusals() async throws {
        try await TestRepository.with { repository in
            let server = try BackendServer(serving: repository.directory)
            let closed = server.url("closed/remote.git")
            #expect(
                await report { try await repository.source(url: closed).head() }
                    == "no access to repository \(closed): its server answers with status 403; "
                    + "check that everyone may read this repository")
            let absent = server.url("absent.git")
            #expect(
                await report { try await repository.source(url: absent).head() }
                    == "no Git repository at \(absent): its server answers with status 404, as many do when they hide "
                    + "a repository; check the URL, or create the repository")
            let url = server.url("remote.git")
            #expect(
                await report { try await repository.source(url: url).snapshot() }
                    == "repository \(url) has no commits yet; push one")
            try await repository.push(["pod.yaml": "one"])
            #expect(
                await report { try await repository.source(ref: "mian", url: url).snapshot() }
                    == "no ref \"mian\" in \(url); it has main")
        }
    }
}
