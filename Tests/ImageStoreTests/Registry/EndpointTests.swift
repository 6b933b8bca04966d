import Testing

@testable import ImageStore

@Suite("Whom an image is asked from")
struct EndpointTests {
    private func places(_ image: String, _ registries: [RegistryConfiguration.Registry] = []) throws -> [String] {
        try RegistryConfiguration(registries: registries).endpoints(for: ImageReference(parsing: image))
            .map { "\($0.schemes.map(\.rawValue).joined(separator: "|"))://\($0.authority)/\($0.repository)" }
    }

    @Test(
        "without a word about it, its own registry, by HTTPS; this machine itself also in the clear",
        arguments: [
            ("nginx:1.14", "https://registry-1.docker.io/library/nginx"),
            ("registry.example.org:5000/team/app", "https://registry.example.org:5000/team/app"),
            ("localhost:5000/app", "https|http://localhost:5000/app"),
            ("127.0.0.1:5000/app", "https|http://127.0.0.1:5000/app"),
            ("127.example.org/app", "https://127.example.org/app"),
        ])
    func plain(image: String, place: String) throws {
        #expect(try places(image) == [place])
    }

    @Test("mirrors come first, in their order, with what follows the prefix")
    func mirrors() throws {
        let rule = RegistryConfiguration.Registry(
            prefix: "docker.io",
            mirrors: [.init(location: "a.example.org/hub"), .init(location: "b:80", insecure: true)])

        #expect(
            try places("nginx", [rule]) == [
                "https://a.example.org/hub/library/nginx", "https|http://b:80/library/nginx",
                "https://registry-1.docker.io/library/nginx",
            ])
    }

    @Test("the longest prefix decides, and a prefix ends where a part of a name does")
    func longest() throws {
        let rules: [RegistryConfiguration.Registry] = [
            .init(prefix: "example.org", location: "short.example.org"),
            .init(prefix: "example.org/team", location: "long.example.org/x"),
        ]

        #expect(try places("example.org/team/app", rules) == ["https://long.example.org/x/app"])
        #expect(try places("example.org/teams/app", rules) == ["https://short.example.org/teams/app"])
    }

    @Test("a pattern speaks of every host below a domain, not of the domain")
    func pattern() throws {
        let rule = RegistryConfiguration.Registry(prefix: "*.example.org", location: "proxy.example.net")

        #expect(try places("a.example.org/app", [rule]) == ["https://proxy.example.net/app"])
        #expect(try places("example.org/app", [rule]) == ["https://example.org/app"])
    }

    @Test("what is blocked is refused with the rule that says so")
    func blocked() throws {
        let error = #expect(throws: ImagePullError.self) {
            try places("example.org/app", [.init(prefix: "example.org", blocked: true)])
        }

        #expect(error?.description.contains("\"blocked: true\" for example.org") == true)
    }

    @Test(
        "no spelling of a registry evades being blocked",
        arguments: [
            "Quay.io/x/y", "quay.io:443/x/y", "quay.io:80/x/y", "registry-1.docker.io/library/nginx",
            "index.docker.io/nginx", "Docker.io/nginx", "registry.hub.docker.com/library/nginx",
            "a.example.org:5000/app", "registry.lan/team/app", "registry.lan:80/team/app",
        ])
    func blockedSpellings(image: String) throws {
        let rules: [RegistryConfiguration.Registry] = [
            .init(prefix: "quay.io", blocked: true), .init(prefix: "Docker.io", blocked: true),
            .init(prefix: "*.example.org", blocked: true), .init(prefix: "registry.lan:80", insecure: true),
            .init(prefix: "registry.lan/team", blocked: true),
        ]

        #expect(throws: ImagePullError.self) { try places(image, rules) }
    }

    @Test("mirrors are asked for every spelling; one is insecure only on the port that was said to be")
    func spellings() throws {
        let rules: [RegistryConfiguration.Registry] = [
            .init(prefix: "docker.io", mirrors: [.init(location: "a.example.org/hub")]),
            .init(prefix: "registry.lan:80", insecure: true),
        ]

        #expect(try places("Registry-1.docker.io/nginx", rules).first == "https://a.example.org/hub/library/nginx")
        #expect(try places("registry.lan:80/app", rules) == ["https|http://registry.lan:80/app"])
        #expect(try places("registry.lan/app", rules) == ["https://registry.lan/app"])
    }

    @Test(
        "a proxy is used but for the exceptions and this machine itself",
        arguments: [
            ("registry.example.org", true), ("localhost", false), ("127.0.0.1", false), ("a.internal", false),
            ("internal", false), ("xinternal", true), ("10.1.2.3", false), ("11.1.2.3", true),
            ("only.example.com", true),
        ])
    func proxies(host: String, isProxied: Bool) {
        let settings = ProxySettings(environment: [
            "https_proxy": "http://proxy:3128", "NO_PROXY": ".internal,10.0.0.0/8, only.example.com:80",
        ])

        #expect((settings.proxy(scheme: .https, host: host, port: 443) != nil) == isProxied)
        #expect(settings.proxy(scheme: .http, host: host, port: 80) == nil)
    }
}
