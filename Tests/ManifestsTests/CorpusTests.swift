import Foundation
import Testing

@testable import Manifests

@Suite("Data written by others")
struct CorpusTests {
    @Test("a Pod with every field of Kubernetes: each is known, and refused by name unless supported")
    func everyField() throws {
        guard let folder = Corpus.folder("kubernetes-api") else { return }
        for name in ["core.v1.Pod.yaml", "core.v1.Pod.json"] {
            let contents = try Corpus.contents(of: folder, name)
            let findings = Manifests.load([ManifestFile(path: name, contents: contents)]).diagnostics

            // "limitsKey" stands for any resource, of which only some are known.
            #expect(
                Set(findings.map(\.message).filter { $0.hasPrefix("unknown field") }) == [
                    "unknown field \"limitsKey\" in Pod.spec.containers[0].resources.limits",
                    "unknown field \"requestsKey\" in Pod.spec.containers[0].resources.requests",
                    "unknown field \"limitsKey\" in Pod.spec.initContainers[0].resources.limits",
                    "unknown field \"requestsKey\" in Pod.spec.initContainers[0].resources.requests",
                    "unknown field \"limitsKey\" in Pod.spec.resources.limits",
                    "unknown field \"requestsKey\" in Pod.spec.resources.requests",
                    "unknown field \"overheadKey\" in Pod.spec.overhead",
                ])
            #expect(findings.count { $0.message.hasSuffix("is not supported by this version") } > 40)
        }
    }

    private static let supported = ["Pod", "ConfigMap", "Secret", "Namespace"].map { "core.v1.\($0).yaml" }

    @Test("each served kind is told from an unknown one")
    func everyKind() throws {
        guard let folder = Corpus.folder("kubernetes-api") else { return }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in files where name.hasSuffix(".yaml") && !Self.supported.contains(name) {
            let contents = try Corpus.contents(of: folder, name)
            let findings = Manifests.load([ManifestFile(path: name, contents: contents)]).diagnostics

            #expect(findings.count == 1)
            #expect(findings.first?.message.hasSuffix("is not supported by this version") == true, "\(findings)")
        }
    }

    @Test("yaml-test-suite: what it calls invalid is refused, what is read is what it says")
    func suite() throws {
        guard let folder = Corpus.folder("yaml-test-suite") else { return }
        var tally = Tally()
        for place in try cases(below: folder) { try tally.count(place, id: id(of: place, in: folder)) }
        print(tally)

        #expect(Set(tally.different).subtracting(Self.differing) == [], "read, but not as the suite says")
        #expect(tally.equal.count >= Self.leastEqual)
        #expect(tally.refusedInvalid.count >= Self.leastRefused)
    }

    /// Read otherwise than the suite says, as Kubernetes does.
    private static let differing: Set<String> = ["565N", "652Z", "C4HZ", "HM87-01", "JEF9-02", "L24T-01", "Y2GN"]
    private static let leastEqual = 145
    private static let leastRefused = 72

    private func cases(below folder: URL) throws -> [URL] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return paths.filter { $0.hasSuffix("in.yaml") }.sorted()
            .map { folder.appending(path: $0).deletingLastPathComponent() }
    }

    private func id(of place: URL, in folder: URL) -> String {
        place.pathComponents.dropFirst(folder.pathComponents.count).joined(separator: "-")
    }
}

/// How the cases of the suite came out.
private struct Tally: CustomStringConvertible {
    var equal: [String] = []
    var different: [String] = []
    var refusedValid: [String] = []
    var refusedInvalid: [String] = []
    var acceptedInvalid: [String] = []

    mutating func count(_ place: URL, id: String) throws {
        let text = try Array(Data(contentsOf: place.appending(path: "in.yaml")))
        let values = read(text)
        if FileManager.default.fileExists(atPath: place.appending(path: "error").path) {
            if values == nil { refusedInvalid.append(id) } else { acceptedInvalid.append(id) }
            return
        }
        guard let json = try? Data(contentsOf: place.appending(path: "in.json")),
            let expected = try? JSONDecoder().decode(JSONValue.self, from: json)
        else { return }  // several documents, or a value JSON has no word for
        guard let values else { return refusedValid.append(id) }
        if values == [expected] || (values.isEmpty && expected == .null) {
            equal.append(id)
        } else {
            different.append(id)
        }
    }

    /// The values of a text's documents; nil when anything is wrong with one.
    private func read(_ text: [UInt8]) -> [JSONValue]? {
        var values: [JSONValue] = []
        for document in Documents.split(text) {
            guard var composer = try? Composer(document), let root = try? composer.root() as Node??
            else {
                return nil
            }
            if composer.findings.contains(where: { $0.severity == .error }) { return nil }
            if let root { values.append(root.json) }
        }
        return values
    }

    var description: String {
        """
        yaml-test-suite: \(equal.count) equal, \(refusedInvalid.count) invalid refused
          different: \(different.joined(separator: " "))
          valid, refused: \(refusedValid.joined(separator: " "))
          invalid, accepted: \(acceptedInvalid.joined(separator: " "))
        """
    }
}
