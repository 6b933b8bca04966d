import Manifests
import PodModel
import Reconciler
import Testing

/// What goes for Pods goes for what they use: an application is taken whole, and no mistake takes anything away.
@Suite("Acceptance of what Pods use") struct AcceptedObjectTests {
    /// A repository in a few words: `map NAME VALUE`, `secret NAME VALUE`, `ns NAME`, anything else for a mistake.
    private func look(
        _ files: [String: [String]], after previous: AcceptedSlice? = nil, revision: String = "r", at second: Double = 0
    ) -> Acceptance {
        let documents = { (lines: [String]) in lines.map(Self.document).joined(separator: "\n---\n") }
        let manifests = files.sorted { $0.key < $1.key }.map {
            ManifestFile(path: $0.key, contents: Array(documents($0.value).utf8))
        }
        return Acceptance(
            previous: previous, loaded: Manifests.load(manifests), revision: RevisionID(revision), commit: someCommit,
            node: NodeProfile(name: "node-1"), now: moment(second).wall, newUID: { PodUID("u") })
    }

    private static func document(_ words: String) -> String {
        let words = words.split(separator: " ").map(String.init)
        switch words.first {
        case "map":
            return "{apiVersion: v1, kind: ConfigMap, metadata: {name: \(words[1])}, data: {k: \"\(words[2])\"}}"
        case "secret":
            return "{apiVersion: v1, kind: Secret, metadata: {name: \(words[1])}, stringData: {k: \"\(words[2])\"}}"
        case "ns": return "{apiVersion: v1, kind: Namespace, metadata: {name: \(words[1])}}"
        default: return "{apiVersion: v1, kind: ConfigMap, metadata: {name: broken}, bogus: 1}"
        }
    }

    private func names(_ acceptance: Acceptance) -> [String] { acceptance.slice.objects.map(\.name.description) }

    private func value(_ map: String, _ acceptance: Acceptance) -> String? {
        ConfigurationObjects(acceptance.slice.objects).configMap(map, in: "default")?.data["k"]
    }

    @Test("every kind is accepted, sorted, and as old as its name")
    func kinds() {
        let first = look(["a/x.yaml": ["secret s 1", "map m 1", "ns blue"]])
        let second = look(["b/x.yaml": ["map m 2"]], after: first.slice, revision: "r2", at: 60)

        #expect(names(first) == ["ConfigMap default/m", "Secret default/s", "Namespace blue"])
        #expect(value("m", second) == "2")
        #expect(second.slice.objects.map(\.createdAt) == [moment(0).wall])
        #expect(second.slice.objects.map(\.application.text) == ["b"])
    }

    @Test("a changed value is a change; a moved file is none")
    func verdict() {
        let first = look(["a/x.yaml": ["map m 1"]])

        #expect(look(["b/x.yaml": ["map m 1"]], after: first.slice, revision: "r2").verdict == .unchanged)
        #expect(look(["a/x.yaml": ["map m 2"]], after: first.slice, revision: "r2").verdict == .accepted)
        #expect(look(["a/x.yaml": []], after: first.slice, revision: "r2").verdict == .accepted)
    }

    @Test("a mistake keeps what the application had")
    func broken() {
        let first = look(["a/x.yaml": ["map m 1"], "b/x.yaml": ["map other 1"]])
        let second = look(
            ["a/x.yaml": ["map m 2"], "a/y.yaml": ["mistake"], "b/x.yaml": ["map other 2"]], after: first.slice,
            revision: "r2")

        #expect(value("m", second) == "1")
        #expect(value("other", second) == "2")
        #expect(second.verdict == .partlyAccepted)
    }

    @Test("what may be hidden in a file that did not load is kept, and goes once that is mended")
    func hidden() {
        let first = look(["a/x.yaml": ["map m 1", "secret s 1"]])
        let second = look(["b/x.yaml": ["mistake"]], after: first.slice, revision: "r2")
        let third = look(["b/x.yaml": ["map other 1"]], after: second.slice, revision: "r3")

        #expect(names(second) == ["ConfigMap default/m", "Secret default/s"])
        #expect(second.diagnostics.contains { $0.message.hasSuffix("ConfigMap default/m, Secret default/s") })
        #expect(names(third) == ["ConfigMap default/other"])
    }

    @Test("one application may not define an object twice, also not in two files")
    func twice() {
        let acceptance = look(["a/x.yaml": ["map m 1"], "a/y.yaml": ["map m 2"]])

        #expect(names(acceptance) == [])
        #expect(
            acceptance.diagnostics.map(\.message)
                == ["ConfigMap default/m is defined twice; the first definition is at a/x.yaml:1:1"])
    }

    @Test("two applications that define one object: the owner goes on", arguments: ["aaa", "zzz"])
    func contested(newcomer: String) {
        let first = look(["web/x.yaml": ["secret s 1"]])
        let second = look(
            ["web/x.yaml": ["secret s 1"], "\(newcomer)/x.yaml": ["secret s 2"]], after: first.slice, revision: "r2")

        #expect(second.slice.objects.map(\.application.text) == ["web"])
        #expect(
            second.diagnostics.map(\.message) == ["Secret default/s belongs to application \"web\" already"])
        #expect(second.diagnostics.map(\.position.file) == ["\(newcomer)/x.yaml"])
    }

    @Test("a Namespace may be defined by each application that uses it")
    func sharedNamespace() {
        let acceptance = look(["a/x.yaml": ["ns blue"], "b/x.yaml": ["ns blue"]])

        #expect(acceptance.verdict == .accepted)
        #expect(names(acceptance) == ["Namespace blue"])
    }

    @Test("a ConfigMap and a Secret of one name are two objects")
    func sameName() {
        #expect(names(look(["a/x.yaml": ["map m 1", "secret m 1"]])).count == 2)
    }
}
