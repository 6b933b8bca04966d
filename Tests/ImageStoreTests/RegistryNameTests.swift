import Testing

@testable import ImageStore

@Suite("One registry, however it is spelled")
struct RegistryNameTests {
    @Test(
        "letters' case, the last dot, the port of HTTPS and Docker's own hosts make no other registry",
        arguments: [
            ("quay.io", "quay.io"), ("Quay.io", "quay.io"), ("QUAY.IO:443", "quay.io"), ("quay.io:0443", "quay.io"),
            ("quay.io.", "quay.io"), ("quay.io.:443", "quay.io"), ("registry.lan:5000", "registry.lan:5000"),
            ("registry.lan:05000", "registry.lan:5000"), ("registry.lan:80", "registry.lan:80"),
            ("docker.io", "docker.io"), ("Docker.io:443", "docker.io"), ("index.docker.io", "docker.io"),
            ("registry-1.docker.io", "docker.io"), ("Registry-1.Docker.io:443", "docker.io"),
            ("registry.hub.docker.com", "docker.io"), ("registry-2.docker.io", "registry-2.docker.io"),
            ("localhost", "localhost"), ("[::1]", "[::1]"), ("[::1]:5000", "[::1]:5000"),
            ("quay.io:+443", "quay.io:+443"),
            ("quay.io:99999", "quay.io:99999"), ("*.Example.org", "*.example.org"), ("", ""),
        ])
    func spellings(written: String, name: String) {
        #expect("\(RegistryName(written))" == name)
        #expect(RegistryName(name) == RegistryName(written))
    }

    @Test("a port is digits alone")
    func port() {
        #expect(throws: ImageStoreError.self) { try ImageReference(parsing: "quay.io:+443/a/b") }
    }

    @Test(
        "what follows a prefix, by a word about one registry and by a demand",
        arguments: [
            ("docker.io", "registry-1.docker.io/nginx", "/library/nginx", "/library/nginx"),
            ("Index.docker.io/library", "nginx", "/nginx", "/nginx"),
            ("Registry.Example.org:443/Team", "registry.example.org/team/app", "/app", "/app"),
            ("registry.example.org/team", "registry.EXAMPLE.org:443/team/app", "/app", "/app"),
            ("registry.example.org/team", "registry.example.org/teams/app", nil, nil),
            ("registry.lan", "registry.lan:80/app", nil, "/app"), ("registry.lan:80", "registry.lan/app", nil, "/app"),
            ("registry.lan", "registry.lan:5000/app", nil, nil),
            ("*.example.org", "A.example.org:443/app", "/app", "/app"),
            ("*.example.org", "a.example.org:5000/app", nil, "/app"),
            ("*.example.org:5000", "a.example.org/app", nil, nil),
            ("*.example.org:5000", "a.example.org:5000/app", "/app", "/app"),
            ("*.example.org/team", "a.example.org/team/app", "/app", "/app"),
            ("*.example.org", "example.org/app", nil, nil),
        ] as [(String, String, String?, String?)])
    func prefixes(written: String, image: String, one: String?, demand: String?) throws {
        let reference = try ImageReference(parsing: image)

        #expect(ImagePrefix(written).rest(of: reference, reach: .registry) == one)
        #expect(ImagePrefix(written).rest(of: reference, reach: .host) == demand)
    }
}
