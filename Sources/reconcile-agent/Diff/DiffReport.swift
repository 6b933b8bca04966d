import Manifests
import PodModel
import Tables

/// What `diff` prints.
struct DiffReport {
    let difference: NodeDifference
    /// Tags that moved under what runs.
    var tags: [TagDifference] = []

    /// For standard output: a line per Pod, the manifests' differences, and the sum.
    var text: String {
        let table = TextTable(
            headers: ["POD", "CHANGE", "IMPACT", "REASON"],
            rows: difference.pods.map { ["\($0.pod)", $0.verb, $0.impact.rawValue, $0.reason] })
        let objects = TextTable(
            headers: ["OBJECT", "CHANGE"], rows: difference.objects.map { ["\($0.name)", $0.verb] })
        let manifests =
            (difference.pods.map { $0.text(revision: difference.revision) }
            + difference.objects.map { $0.text(revision: difference.revision) }).filter { !$0.isEmpty }
        let tables = [
            head + (difference.pods.isEmpty ? "" : table.text()), difference.objects.isEmpty ? "" : objects.text(),
        ]
        let parts = tables.filter { !$0.isEmpty } + manifests + [sum]
        return parts.joined(separator: "\n")
    }

    /// For standard error: what is wrong with the revision, and which tags moved.
    var errors: String {
        difference.diagnostics.map { "\($0.severity == .error ? "error" : "notice"): \($0)\n" }.joined()
            + tags.map { "notice: \($0.sentence)\n" }.joined()
    }

    private var head: String {
        "revision \(difference.revision.short) \(difference.commit.subject) (\(difference.commit.author))\n"
    }

    /// `1 to replace, 1 to delete, 3 unchanged`.
    private var sum: String {
        var counts: [String: Int] = [:]
        let verbs = difference.pods.map(\.verb) + difference.objects.map { "\($0.verb) of what Pods use" }
        for verb in verbs { counts[verb, default: 0] += 1 }
        var seen: Set<String> = []
        var parts = verbs.filter { seen.insert($0).inserted }
            .map { "\(counts[$0] ?? 0) to \($0)" }
        if parts.isEmpty { parts.append("no difference") }
        if difference.unchanged > 0 || difference.pods.isEmpty { parts.append("\(difference.unchanged) unchanged") }
        return parts.joined(separator: ", ") + "\n"
    }

    /// For machines.
    var json: JSONValue {
        [
            "exitCode": .int(Int64(difference.exitStatus.rawValue)),
            "revision": [
                "id": .string(difference.revision.text), "author": .string(difference.commit.author),
                "subject": .string(difference.commit.subject),
            ],
            "unchanged": .int(Int64(difference.unchanged)), "changes": .array(difference.pods.map(pod)),
            "objects": .array(difference.objects.map(object)),
            "diagnostics": .array(difference.diagnostics.map(DiagnosticObject.json)),
            "tags": .array(tags.map(\.json)),
        ]
    }

    private func object(_ object: ObjectDifference) -> JSONValue {
        [
            "kind": .string(object.name.kind.rawValue), "namespace": .string(object.name.namespace),
            "name": .string(object.name.name), "change": .string(object.verb),
            "diff": .string(object.text(revision: difference.revision)),
        ]
    }

    private func pod(_ pod: PodDifference) -> JSONValue {
        [
            "namespace": .string(pod.pod.namespace), "name": .string(pod.pod.name), "change": .string(pod.verb),
            "impact": .string(pod.impact.rawValue), "reason": .string(pod.reason),
            "fields": .array(
                pod.fields.map { field in
                    [
                        "path": .string(field.path), "impact": .string(field.impact.rawValue),
                        "container": field.container.map(JSONValue.string) ?? .null,
                    ]
                }),
            "diff": .string(pod.text(revision: difference.revision)),
        ]
    }
}
