import Manifests
import Testing

@Suite("The file of the images that may be used")
struct TrustFileTests {
    private func read(_ text: String) -> TrustFile {
        TrustFile(ManifestFile(path: "trust.yaml", contents: Array(text.utf8)))
    }

    @Test("every rule is read, with the line it stands in")
    func whole() {
        let file = read(
            """
            rules:
            - prefix: "*"
              policy: reject
            - prefix: docker.io/library
              policy: digest
            - prefix: "*.example.org"
              policy: accept
            - {prefix: registry.lan:5000/team, policy: signature, keys: [/etc/a.pub, /etc/b.pub]}
            """)

        #expect(file.diagnostics == [])
        #expect(file.rules.map(\.prefix) == ["*", "docker.io/library", "*.example.org", "registry.lan:5000/team"])
        #expect(file.rules.map(\.policy) == [.reject, .digest, .accept, .signature])
        #expect(file.rules.map(\.line) == [2, 4, 6, 8])
        #expect(file.rules[3].keys == ["/etc/a.pub", "/etc/b.pub"])
        #expect(read("").rules == [])
    }

    @Test(
        "what it gets wrong is told with its place, and nothing of it counts",
        arguments: [
            ("- {prefix: nginx, policy: reject}", "must begin with a registry"),
            ("- {prefix: index.docker.io/library, policy: reject}", "called docker.io"),
            ("- {prefix: Registry-1.docker.io, policy: reject}", "called docker.io"),
            ("- {prefix: \"docker.io/library/nginx:1.14\", policy: reject}", "without tag and digest"),
            ("- {prefix: https://docker.io, policy: reject}", "write it without \"https://\""),
            ("- {prefix: docker.io/, policy: reject}", "must not end with \"/\""),
            ("- {prefix: docker.io, policy: rejct}", "did you mean \"reject\"?"),
            ("- {prefix: docker.io, policy: signature}", "keys: Required value"),
            ("- {prefix: docker.io, policy: digest, keys: [/a]}", "keys: Forbidden"),
            ("- {prefix: docker.io, policy: signature, keys: [a.pub]}", "absolute"),
            ("- {prefix: docker.io, policy: digest}\n- {prefix: docker.io, policy: accept}", "Duplicate value"),
            ("- {policy: digest}", "prefix: Required value"), ("- {prefix: docker.io}", "policy: Required value"),
            ("- {prefix: docker.io, policy: digest, key: /a}", "unknown field \"key\""),
            ("[]\n---\nrules: []", "one document"),
        ])
    func wrong(rules: String, words: String) {
        let file = read("rules:\n\(rules)\n")

        #expect(file.rules == [])
        let told = file.diagnostics.map(\.description)
        #expect(told.contains { $0.contains(words) && $0.hasPrefix("trust.yaml:") }, "\(told)")
    }

    @Test(
        "an annotation of this agent's own says true or false, and no other begins like it",
        arguments: [
            ("reconcile-agent.dev/follow-tag: \"true\"", nil), ("reconcile-agent.dev/follow-tag: \"false\"", nil),
            ("example.org/any: thing", nil),
            ("reconcile-agent.dev/follow-tag: \"yes\"", "Unsupported value: \"yes\""),
            ("reconcile-agent.dev/follow-tags: \"true\"", "did you mean \"reconcile-agent.dev/follow-tag\"?"),
        ] as [(String, String?)])
    func annotations(written: String, words: String?) {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, annotations: {\(written)}}
            spec: {containers: [{name: a, image: a}]}
            """
        let loaded = Manifests.load([ManifestFile(path: "a.yaml", contents: Array(text.utf8))])

        let told = loaded.diagnostics.map(\.description)
        #expect(words.map { words in told.contains { $0.contains(words) } } ?? told.isEmpty, "\(told)")
    }
}
