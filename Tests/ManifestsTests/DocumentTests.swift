import Testing

@testable import Manifests

@Suite("Files, documents and the structure of YAML are read as Kubernetes reads them")
struct DocumentTests {
    /// The one value of a text, with what was found on the way.
    private func value(_ text: String) throws -> (JSONValue?, [String]) {
        let document = try #require(Documents.split(Array(text.utf8)).first)
        var composer = try Composer(document)
        let root = try composer.root()
        return (root.map { $0.json }, composer.findings.map { $0.diagnostic(in: "f").description })
    }

    @Test("a broken document does not lose the others, nor does a broken file")
    func brokenDocument() {
        let second = manifest().replacing("name: web", with: "name: db")
        let loaded = Manifests.load([
            ManifestFile(path: "a.yaml", contents: Array((manifest() + "\n---\na: [\n---\n" + second).utf8)),
            ManifestFile(path: "b.yaml", contents: Array("\"".utf8)),
        ])

        #expect(loaded.pods.map(\.pod.metadata.name) == ["web", "db"])
        #expect(loaded.pods.map(\.position.line) == [1, 12])
        #expect(loaded.diagnostics.map(\.position.file) == ["a.yaml", "b.yaml"])
    }

    @Test(
        "documents without content are nothing",
        arguments: ["", "\n", "# comment", "---\n---\n# c\n", "--- # c\n...\n", "~"])
    func empty(text: String) {
        let loaded = load(text)

        #expect(loaded.pods.isEmpty)
        #expect(loaded.diagnostics.isEmpty)
    }

    @Test("one Pod under one name: the second names the first")
    func twice() {
        let loaded = load("\(manifest())\n---\n\(manifest())", path: "a.yaml")

        #expect(loaded.pods.map(\.position.line) == [1])
        #expect(
            loaded.diagnostics.map(\.message) == [
                "Pod \"web\" in namespace \"default\" is defined twice, first at a.yaml:1:1"
            ])
    }

    @Test("files do not spoil each other: one name in two of them is judged by who takes them over")
    func twiceInTwoFiles() {
        let loaded = Manifests.load(
            ["a.yaml", "b.yaml"].map { ManifestFile(path: $0, contents: Array(manifest().utf8)) })

        #expect(loaded.pods.map(\.position.file) == ["a.yaml", "b.yaml"])
        #expect(loaded.diagnostics.isEmpty)
    }

    @Test("the same name in another namespace is another Pod")
    func namespaces() {
        #expect(load(manifest() + "\n---\n" + manifest(metadata: "namespace: blue")).pods.count == 2)
    }

    @Test("equal Pods are equal wherever they stand")
    func positionsAreAside() {
        let moved = load("# moved\n\n" + manifest(), path: "elsewhere.yaml").pods

        #expect(moved.map(\.pod) == load(manifest()).pods.map(\.pod))
        #expect(moved.map(\.written) == load(manifest()).pods.map(\.written))
    }

    @Test("a List is its items")
    func list() {
        let items = """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i}]}}
            - {apiVersion: v1, kind: Service}
            """

        let loaded = load(items)

        #expect(loaded.pods.map(\.position.description) == ["web/pod.yaml:4:3"])
        #expect(loaded.diagnostics.map(\.position.description) == ["web/pod.yaml:5:26"])
        #expect(load("apiVersion: v1\nkind: List\nitems: []\nmetadata: {resourceVersion: \"\"}").diagnostics.isEmpty)
    }

    @Test("JSON is read, also several objects in one file, and characters beyond the basic plane")
    func json() {
        func pod(_ name: String, _ value: String) -> String {
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)","annotations":{"a":"\(value)"}},
            \t"spec":{"containers":[{"name":"c","image":"i"}]}}
            """
        }

        let loaded = load(pod("a", "\\ud83d\\ude00 \\\"}{") + "\n" + pod("b", "\\/") + "{]")

        #expect(loaded.pods.map(\.pod.metadata.annotations) == [["a": "😀 \"}{"], ["a": "/"]])
        #expect(loaded.pods.map(\.position.line) == [1, 3])
        #expect(loaded.diagnostics.map(\.position.line) == [4])
    }

    @Test("a byte order mark, CRLF and UTF-16 are accepted")
    func encodings() {
        let crlf = manifest().replacing("\n", with: "\r\n")
        let units = Array(("\u{FEFF}" + manifest()).utf16)
        let files = [
            Array(("\u{FEFF}" + crlf).utf8), units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
        ]

        for contents in files {
            let loaded = Manifests.load([ManifestFile(path: "f", contents: contents)])
            #expect(loaded.diagnostics.isEmpty)
            #expect(loaded.pods.map(\.pod.metadata.name) == ["web"])
        }
    }

    @Test("a file that is no text, or too large, is said to be so")
    func noText() {
        let binary = Manifests.load([ManifestFile(path: "f", contents: Array("\u{7F}ELF".utf8) + [0, 1, 0xFF])])
        let large = Manifests.load([ManifestFile(path: "f", contents: [UInt8](repeating: 0x23, count: 10 << 20))])

        #expect(
            binary.diagnostics.map(\.description) == [
                """
                f:1:1: the file is not text
                  hint: keep what is no manifest out of the folder that is followed, or give it another ending
                """
            ])
        #expect(
            large.diagnostics.map(\.description) == [
                """
                f:1:1: the file has 10Mi bytes, more than 4Mi
                  hint: split it, or keep what is no manifest out of the folder that is followed
                """
            ])
    }

    @Test("of a file of noise the first thousand findings are told, and how many there are more")
    func noise() {
        let keys = (0..<20_000).map { "key\($0): 1\n" }.joined()

        let loaded = load(manifest() + "\n" + keys)

        #expect(loaded.pods.isEmpty)
        #expect(loaded.diagnostics.count == 1001)
        #expect(loaded.diagnostics.last?.message == "19000 more findings in this file are not shown")
    }

    @Test("what a file holds does not depend on its name, and can be put together with others again and again")
    func byFile() {
        let (a, b) = (FileManifests(contents: Array(manifest().utf8)), FileManifests(contents: Array("a: [".utf8)))

        let once = LoadedManifests([("a.yaml", a), ("b.yaml", b)])
        let moved = LoadedManifests([("b.yaml", b), ("c/a.yaml", a)])

        #expect(once.pods.map(\.pod) == moved.pods.map(\.pod))
        #expect(once.pods.map(\.position.file) == ["a.yaml"])
        #expect(moved.pods.map(\.position.file) == ["c/a.yaml"])
        #expect(once.diagnostics == moved.diagnostics)
    }

    @Test("one name is one object in a group; groups are told apart by what the caller says")
    func groups() {
        let file = FileManifests(contents: Array(manifest().utf8))
        let files = ["a/1.yaml", "b/1.yaml", "b/2.yaml"].map { (path: $0, manifests: file) }

        let loaded = LoadedManifests(files) { String($0.prefix(1)) }

        #expect(loaded.pods.map(\.position.file) == ["a/1.yaml", "b/1.yaml"])
        #expect(loaded.diagnostics.map(\.position.file) == ["b/2.yaml"])
    }

    @Test("what has no effect is said once in a group, where it stands first")
    func once() {
        let file = FileManifests(contents: Array(manifest(spec: "preemptionPolicy: Never").utf8))
        let files = ["b/2.yaml", "a/1.yaml", "a/0.yaml", "a/2.yaml"].map { (path: $0, manifests: file) }

        let loaded = LoadedManifests(files.sorted { $0.path < $1.path }) { String($0.prefix(1)) }

        let words =
            "field \"preemptionPolicy\" in Pod.spec is accepted and has no effect here: no Pod makes way for another"
        #expect(
            loaded.diagnostics.filter { $0.severity == .notice }.map(\.description) == [
                "a/0.yaml:6:3: \(words) (also in 2 other places)", "b/2.yaml:6:3: \(words)",
            ])
    }

    @Test("bytes that are no UTF-8 are said where they stand")
    func notUTF8() {
        let loaded = Manifests.load([ManifestFile(path: "f", contents: Array("a: 1\nb: ".utf8) + [0xFF])])

        #expect(
            loaded.diagnostics.map(\.description) == ["f:2:4: the text is not UTF-8\n  hint: save the file as UTF-8"])
    }

    @Test(
        "merge keys, as Kubernetes orders them",
        arguments: [
            ("a: &a {x: 1, z: 2}\nb:\n  <<: *a\n  x: 3", ["x": 3, "z": 2]),
            ("a: [&a {x: 1}, &b {x: 2, z: 2}]\nb:\n  <<: [*a, *b]", ["x": 1, "z": 2]),
            ("b:\n  \"<<\": 1", ["<<": 1]),
        ] as [(String, JSONValue)])
    func merge(text: String, merged: JSONValue) throws {
        let (value, findings) = try value(text)

        #expect(value?["b"] == merged)
        #expect(findings.isEmpty)
    }

    @Test("a merge key below a key it replaces is noticed, as its author may expect the opposite")
    func mergeReplaces() throws {
        let (value, findings) = try value("a: &a {x: 1}\nb:\n  x: 3\n  <<: *a")

        #expect(value?["b"] == ["x": 1])
        #expect(
            findings == [
                """
                f:4:3: "<<" replaces the key "x" that is written before it
                  hint: write "<<" first and the keys that differ after it
                """
            ])
    }

    @Test("keys that are no text become text")
    func keys() throws {
        #expect(try value("{0x10: a, 010: b, y: c, 1.50: d}").0 == ["16": "a", "8": "b", "true": "c", "1.5": "d"])
        #expect(try value("~: a").1 == ["f:1:1: a key must be text, found null"])
        #expect(try value("[a]: a").1 == ["f:1:1: a key must be text, found a list"])
        #expect(try value("1: a\n\"1\": b").1.count == 1)
    }

    @Test("an alias inside its own anchor, and more aliases than memory, are errors")
    func aliases() throws {
        #expect(try value("a: &a [*a]").1 == ["f:1:8: the alias *a stands inside its own anchor"])
        let bomb = (1...9).map { level in
            "a\(level): &a\(level) [\(repeatElement("*a\(level - 1)", count: 9).joined(separator: ","))]"
        }

        #expect(
            load("a0: &a0 [1]\n" + bomb.joined(separator: "\n")).diagnostics.map(\.message) == [
                "the document contains excessive aliasing"
            ])
    }

    @Test("nesting has a limit")
    func depth() {
        let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)

        #expect(load(deep).diagnostics.map(\.message) == ["the document is nested deeper than 500 levels"])
    }

    @Test("a document that ends early hides nothing")
    func endMarker() {
        #expect(load(manifest() + "\n...\n").diagnostics.isEmpty)
        #expect(load(manifest() + "\n...\na: 1\n").diagnostics.map(\.position.line) == [10])
    }
}
