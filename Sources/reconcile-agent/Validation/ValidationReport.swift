import Manifests
import PodModel

/// What `validate` prints.
struct ValidationReport {
    let validation: Validation

    /// Every finding with its place and hint, and the sum.
    var text: String {
        let lines = validation.findings.map { "\($0.severity == .error ? "error" : "notice"): \($0)" } + [sum]
        return lines.map { "\($0)\n" }.joined()
    }

    /// `3 files, 2 Pods, 1 Secret, 1 error`. Pods are counted also when there are none: they are what runs.
    private var sum: String {
        var parts = [Self.count(validation.fileCount, "file"), Self.count(number(of: "Pod"), "Pod")]
        parts += ["ConfigMap", "Secret", "Namespace"].filter { number(of: $0) > 0 }
            .map { Self.count(number(of: $0), $0) }
        parts.append(validation.errorCount == 0 ? "no errors" : Self.count(validation.errorCount, "error"))
        if validation.noticeCount > 0 { parts.append(Self.count(validation.noticeCount, "notice")) }
        return parts.joined(separator: ", ")
    }

    private func number(of kind: String) -> Int { validation.objects.count { $0.kind == kind } }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    /// For machines.
    var json: JSONValue {
        [
            "valid": .bool(validation.errorCount == 0),
            "summary": [
                "files": .int(Int64(validation.fileCount)), "pods": .int(Int64(number(of: "Pod"))),
                "errors": .int(Int64(validation.errorCount)), "notices": .int(Int64(validation.noticeCount)),
            ],
            "objects": .array(validation.objects.map(Self.object)),
            "diagnostics": .array(validation.findings.map(DiagnosticObject.json)),
        ]
    }

    private static func object(_ object: ValidObject) -> JSONValue {
        [
            "kind": .string(object.kind), "namespace": .string(object.metadata.namespace),
            "name": .string(object.metadata.name), "file": .string(object.position.file),
            "line": .int(Int64(object.position.line)),
        ]
    }
}

/// A finding, for machines.
enum DiagnosticObject {
    static func json(_ diagnostic: Diagnostic) -> JSONValue {
        [
            "severity": .string(diagnostic.severity.rawValue), "file": .string(diagnostic.position.file),
            "line": .int(Int64(diagnostic.position.line)), "column": .int(Int64(diagnostic.position.column)),
            "message": .string(diagnostic.message), "hint": diagnostic.hint.map(JSONValue.string) ?? .null,
        ]
    }
}
