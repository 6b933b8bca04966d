import Testing

@testable import Manifests

@Suite("Every field that Kubernetes knows has exactly one verdict")
struct VerdictTests {
    /// What the tables say of a field; the rows that are noticed or refused speak for all that lies below them.
    private func verdicts(on path: ArraySlice<String>, in fields: [FieldDescription]) -> [Verdict] {
        guard let name = path.first else { return [] }
        let rows = fields.filter { $0.name == name }
        guard rows.count == 1, let row = rows.first, row.verdict == .supported, path.count > 1 else {
            return rows.map(\.verdict)
        }
        if row.type.hasPrefix("map of ") { return [.supported] }
        // The author's own choice of a name: one verdict for all of them.
        if row.isOpen, path.count == 2, !row.fields.contains(where: { $0.name == path.last }) { return [.refused()] }
        return verdicts(on: path.dropFirst(), in: row.fields)
    }

    @Test("each field of the objects with all fields", arguments: FieldReference.kinds.map(\.name))
    func everyField(kind: String) throws {
        guard let folder = Corpus.folder("kubernetes-api") else { return }
        let text = try Corpus.contents(of: folder, "core.v1.\(kind).yaml")
        var composer = try Composer(Documents.split(text)[0])
        let object = try #require(try composer.root()).json
        let fields = try #require(FieldReference.kinds.first { $0.name == kind }).fields

        let paths = Self.paths(in: object)
        #expect(paths.count > 15)
        for path in paths {
            #expect(verdicts(on: path[...], in: fields).count == 1, "\(kind).\(path.joined(separator: "."))")
        }
        for path in Self.paths(in: fields) {
            #expect(paths.contains(path), "Kubernetes has no \(kind).\(path.joined(separator: "."))")
        }
    }

    @Test("each field of Kubernetes v1.36 by name", arguments: KubernetesFields.all)
    func everyName(path: String, names: [String]) throws {
        let steps = path.split(separator: ".").map(String.init)
        var fields = try #require(FieldReference.kinds.first { $0.name == steps[0] }).fields
        for step in steps.dropFirst() { fields = try #require(fields.first { $0.name == step }).fields }

        #expect(Set(fields.map(\.name)) == Set(names))
        #expect(fields.count == names.count)
    }

    @Test("each field that is refused says where it stands and what to do instead", arguments: ["containers", "spec"])
    func remedies(of place: String) throws {
        let pod = try #require(FieldReference.kinds.first { $0.name == "Pod" }).fields
        let spec = try #require(pod.first { $0.name == "spec" }).fields
        let fields = place == "spec" ? spec : try #require(spec.first { $0.name == "containers" }).fields
        for field in fields {
            guard case .refused = field.verdict else { continue }
            let line = "\(field.name): {some: value}"
            let text = place == "spec" ? manifest(spec: line) : manifest(container: line)
            let finding = try #require(findings(in: text).first { $0.contains("\"\(field.name)\"") }, "\(field.name)")

            #expect(finding.contains(/^web\/pod\.yaml:\d+:\d+: field/), "\(finding)")
            #expect(finding.contains(/\n +hint: \S+/), "\(finding)")
        }
    }

    /// The paths of all fields of an object, the same for all items of a list.
    private static func paths(in value: JSONValue) -> Set<[String]> {
        switch value {
        case .object(let fields):
            fields.reduce(into: []) { paths, field in
                paths.insert([field.key])
                for path in self.paths(in: field.value) { paths.insert([field.key] + path) }
            }
        case .array(let items): items.reduce(into: []) { $0.formUnion(self.paths(in: $1)) }
        default: []
        }
    }

    /// The paths of all rows of a table.
    private static func paths(in fields: [FieldDescription]) -> [[String]] {
        fields.flatMap { field in
            [[field.name]] + (field.isOpen ? [] : paths(in: field.fields).map { [field.name] + $0 })
        }
    }
}
