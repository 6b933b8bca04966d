import Testing

@testable import ImageStore

@Suite("Which rule of trust decides")
struct ImageTrustTests {
    private static func rule(_ prefix: String, _ demand: ImageTrust.Demand) -> ImageTrust.Rule {
        ImageTrust.Rule(prefix: prefix, demand: demand, place: "trust.yaml:\(prefix)")
    }

    private let trust = ImageTrust(rules: [
        rule("*", .rejection), rule("docker.io", .digest), rule("docker.io/library/nginx", .nothing),
        rule("*.example.org", .nothing), rule("registry.example.org/team", .rejection),
    ])

    @Test(
        "the longest prefix, by whole parts of the path",
        arguments: [
            ("nginx:1.14", "docker.io/library/nginx"), ("nginx-unit:1", "docker.io"),
            ("docker.io/library/nginx/more:1", "docker.io/library/nginx"), ("quay.io/a/b:1", "*"),
            ("registry.example.org/a:1", "*.example.org"),
            ("registry.example.org/team/a:1", "registry.example.org/team"),
            ("registry.example.org/teams/a:1", "*.example.org"), ("example.org/a:1", "*"),
        ])
    func longest(name: String, prefix: String) throws {
        #expect(trust.rule(for: try ImageReference(parsing: name))?.prefix == prefix)
    }

    @Test(
        "no spelling of a registry evades its rule",
        arguments: [
            ("Quay.io/x/y", "quay.io"), ("quay.io:443/x/y", "quay.io"), ("quay.io:0443/x/y", "quay.io"),
            ("quay.io:80/x/y", "quay.io"), ("registry.EXAMPLE.org/team/app:1", "registry.example.org/team"),
            ("registry.example.org:443/team/app:1", "registry.example.org/team"),
            ("registry.example.org:5000/team/app:1", "*.Example.org"), ("b.example.org/app", "B.example.org:443"),
            ("registry-1.docker.io/library/nginx", "docker.io/library/nginx"),
            ("registry-1.docker.io/nginx", "docker.io/library/nginx"), ("Docker.io/nginx", "docker.io/library/nginx"),
            ("index.docker.io/library/nginx", "docker.io/library/nginx"),
            ("registry.hub.docker.com:443/a/b", "index.docker.io"), ("LOCALHOST/app", "localhost"),
            ("localhost:80/app", "localhost"), ("quay.io:5000/x", "*"),
        ])
    func spellings(name: String, prefix: String) throws {
        let trust = ImageTrust(
            rules: [
                "*", "quay.io", "*.Example.org", "registry.example.org/team", "B.example.org:443", "index.docker.io",
                "docker.io/library/nginx", "localhost",
            ].map { Self.rule($0, .rejection) })
        let reference = try ImageReference(parsing: name)

        #expect(trust.rule(for: reference)?.prefix == prefix)
        #expect(throws: ImagePullError.self) { try trust.admit(reference) }
    }

    @Test(
        "prefixes that mean the same are told from those that do not",
        arguments: [
            ("quay.io", "Quay.io:443", true), ("registry.lan", "registry.lan:80", true), ("*", "*", true),
            ("docker.io", "registry-1.docker.io", true), ("quay.io", "quay.io/a", false), ("*", "quay.io", false),
            ("registry.lan", "registry.lan:5000", false), ("*.example.org", "a.example.org", false),
        ])
    func ambiguity(one: String, other: String, isSame: Bool) {
        let (first, second) = (Self.rule(one, .nothing), Self.rule(other, .rejection))

        #expect(first.isAmbiguous(with: second) == isSame)
        #expect(second.isAmbiguous(with: first) == isSame)
    }

    @Test("no rule, no demand")
    func none() throws {
        let image = try ImageReference(parsing: "nginx")
        #expect(ImageTrust().rule(for: image) == nil)
        #expect(try ImageTrust().admit(image) == nil)
    }

    @Test("a digest in the name is enough where one is demanded; a rejection is final; both name the rule")
    func refusals() throws {
        let pinned = "busybox@sha256:" + String(repeating: "a", count: 64)

        #expect(try trust.admit(ImageReference(parsing: pinned)) == nil)
        #expect(try trust.admit(ImageReference(parsing: "nginx:1.14")) == nil)
        let tagged = #expect(throws: ImagePullError.self) { try trust.admit(ImageReference(parsing: "busybox:1.28")) }
        let rejected = #expect(throws: ImagePullError.self) { try trust.admit(ImageReference(parsing: "quay.io/a/b")) }

        #expect(
            tagged?.description
                == "image busybox:1.28 is not trusted: its name must say its digest (@sha256:…). The rule for docker.io in "
                + "trust.yaml:docker.io demands a digest")
        #expect(rejected?.description.contains("The rule for * in trust.yaml:* demands that they are rejected") == true)
        #expect(rejected?.isUntrusted == true)
    }
}

extension SignatureRule: Equatable {
    /// By its keys and its place.
    public static func == (left: SignatureRule, right: SignatureRule) -> Bool {
        left.keys.map(\.id) == right.keys.map(\.id) && left.rule.place == right.rule.place
    }
}

@Suite("What a signature claims")
struct SignedClaimTests {
    private static let digest = Digest(of: Array("manifest".utf8))
    private static let other = Digest(of: Array("other".utf8))

    private func claim(
        _ identity: String, digest: Digest = digest, type: String = "cosign container image signature"
    ) throws -> SignedClaim {
        try SignedClaim(
            parsing: Array(
                """
                {"critical": {"identity": {"docker-reference": "\(identity)"}, "image": {"docker-manifest-digest":
                "\(digest)"}, "type": "\(type)"}, "optional": {"creator": "somebody"}}
                """.utf8))
    }

    @Test(
        "it is for one digest and one repository, and for one tag if it says so",
        arguments: [
            ("docker.io/library/nginx", nil), ("index.docker.io/library/nginx", nil), ("", nil),
            ("registry-1.docker.io/library/nginx", nil), ("Docker.io:443/library/nginx", nil),
            ("docker.io/library/nginx:1.14", nil), ("docker.io/library/nginx:1.13", "is for the tag 1.13"),
            ("docker.io/library/redis", "is for an image called \"docker.io/library/redis\""),
            ("quay.io/library/nginx", "is for an image called"), ("not a name", "is for an image called"),
        ] as [(String, String?)])
    func identity(named: String, words: String?) throws {
        let why = try claim(named).mismatch(with: ImageReference(parsing: "nginx:1.14"), of: Self.digest)

        #expect(words.map { why?.hasPrefix($0) == true } ?? (why == nil), "\(why ?? "it is met")")
    }

    @Test("a signature of other bytes, or of something else than an image, is none")
    func others() throws {
        let image = try ImageReference(parsing: "nginx:1.14")

        #expect(try claim("nginx", digest: Self.other).mismatch(with: image, of: Self.digest) == "is for \(Self.other)")
        #expect(throws: (any Error).self) { try claim("nginx", type: "atomic container signature") }
        #expect(throws: (any Error).self) { try SignedClaim(parsing: Array("{}".utf8)) }
    }
}
