import Testing

@testable import GitSource

@Suite("A server's URL")
struct ServerURLTests {
    @Test(
        "is taken apart as git takes it apart",
        arguments: [
            ("https://git.example.org/a.git", "https://git.example.org/a.git", nil, "git.example.org", nil),
            ("https://ada@git.example.org:8443/a", "https://git.example.org:8443/a", "ada", "git.example.org", "8443"),
            ("ssh://git.example.org/a", "ssh://me@git.example.org/a", nil, "git.example.org", nil),
            ("ssh://ada@[2001:db8::1]:2222/a", "ssh://ada@[2001:db8::1]:2222/a", "ada", "2001:db8::1", "2222"),
            ("ada@git.example.org:team/a.git", "ada@git.example.org:team/a.git", "ada", "git.example.org", nil),
            ("git.example.org:team/a.git", "me@git.example.org:team/a.git", nil, "git.example.org", nil),
            ("git://git.example.org/a", "git://git.example.org/a", nil, "git.example.org", nil),
        ] as [(String, String, String?, String, String?)])
    func parts(url: String, remote: String, user: String?, host: String, port: String?) throws {
        let server = try #require(ServerURL(url))

        #expect(server.remote(user: "me") == remote)
        #expect(server.username == user)
        #expect(server.host == host)
        #expect(server.port == port)
        #expect(!server.hasPassword)
    }

    @Test("with a password is known for one", arguments: ["https://a:b@c/d", "ssh://a:b@c/d", "https://:b@c/d"])
    func password(url: String) { #expect(ServerURL(url)?.hasPassword == true) }

    @Test("is nothing else", arguments: ["ftp://a/b", "a/b", "/a:b", "../a", "https:///a"])
    func none(url: String) { #expect(ServerURL(url).map { !$0.hasPassword } != true) }
}

@Suite("A known_hosts file")
struct KnownHostsTests {
    private let key = HostKey([0, 0, 0, 3] + Array("abc".utf8) + [1, 2, 3])

    @Test("that a key must have a type", arguments: [[], [0, 0, 0, 1], [255, 255, 255, 255, 1], [0, 0, 0, 0, 1]])
    func malformed(blob: [UInt8]) { #expect(HostKey(blob) == nil) }

    @Test(
        "means hosts by name, pattern and port",
        arguments: [
            ("a.example.org", "a.example.org", true), ("A.Example.ORG", "a.example.org", true),
            ("x,a.example.org", "a.example.org", true), ("*.example.org", "a.example.org", true),
            ("*.example.org,!a.*", "a.example.org", false), ("!a.example.org", "a.example.org", false),
            ("?.example.org", "a.example.org", true), ("?.example.org", "ab.example.org", false),
            ("a.example.org", "[a.example.org]:2222", false), ("[a.example.org]:2222", "[a.example.org]:2222", true),
            ("*", "anything", true), ("|1|damaged|hash", "a.example.org", false),
        ])
    func hosts(field: String, host: String, isMeant: Bool) throws {
        let key = try #require(key)
        let known = KnownHosts(about: host, in: "# a comment\n\n\(field)  abc \(key.base64) of ours\n")

        #expect(known.verdict(on: key) == (isMeant ? .known : .unknown))
        #expect(known.lines.map(\.number) == (isMeant ? [3] : []))
    }

    @Test("knows a host by several keys, and revoked ones by none")
    func verdicts() throws {
        let key = try #require(key)
        func verdict(_ lines: String...) -> KnownHosts.Verdict {
            KnownHosts(about: "h", in: lines.joined(separator: "\n")).verdict(on: key)
        }

        #expect(verdict("h abc AAAA", "h abc \(key.base64)") == .known)
        #expect(verdict("h abc AAAA", "", "h abc BBBB") == .changed(lines: [1, 3]))
        #expect(verdict("h other \(key.base64)") == .changed(lines: [1]))
        #expect(verdict("h abc \(key.base64)", "@revoked * abc \(key.base64)") == .revoked(line: 2))
        #expect(verdict("@revoked * abc AAAA") == .unknown)
        #expect(verdict("@cert-authority h abc \(key.base64)") == .unknown)
    }

    @Test(
        "a server that cannot prove who it is, is told from one that can",
        arguments: [
            ("http://git.example.org/a", "git.example.org"), ("git://git.example.org:9418/a", "git.example.org"),
            ("https://git.example.org/a", nil), ("ssh://git@git.example.org/a", nil), ("git@git.example.org:a", nil),
            ("/srv/a.git", nil), ("file:///srv/a.git", nil),
        ])
    func unprotected(url: String, host: String?) { #expect(GitRemote.unprotectedHost(of: url) == host) }
}
