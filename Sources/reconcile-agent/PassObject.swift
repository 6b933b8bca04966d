import Manifests
import PodModel
import Reconciler

/// What `reconcile --once -o json` prints: everything a pass came to, for machines.
struct PassObject {
    private let summary: PassSummary

    init(_ summary: PassSummary) { self.summary = summary }

    var json: JSONValue {
        [
            "outcome": .string(outcome), "exitCode": .int(Int64(summary.outcome.exitCode)),
            "durationSeconds": .number(summary.duration / .seconds(1)), "revision": revision,
            "sourceError": sourceError, "summary": counts, "pods": .array(summary.pods.map(pod)),
            "diagnostics": .array(summary.diagnostics.map(DiagnosticObject.json)),
        ]
    }

    private var outcome: String {
        switch summary.outcome {
        case .converged: "converged"
        case .sourceUnreachable: "sourceUnreachable"
        case .invalidManifests: "invalidManifests"
        case .actionFailed: "actionFailed"
        case .notHealthy: "notHealthy"
        }
    }

    private var sourceError: JSONValue {
        if case .sourceUnreachable(let reason) = summary.outcome { .string(reason) } else { .null }
    }

    private var revision: JSONValue {
        guard let id = summary.revision, let commit = summary.commit else { return .null }
        return [
            "id": .string(id.text), "author": .string(commit.author), "email": .string(commit.email),
            "committedAt": .string(commit.committedAt.rfc3339), "subject": .string(commit.subject),
        ]
    }

    /// Every fate, those of no Pod too.
    private var counts: JSONValue {
        .object(
            PodFate.allCases.reduce(into: [:]) { counts, fate in
                counts[fate.rawValue] = .int(Int64(summary.pods.count { PodFate($0) == fate }))
            })
    }

    private func pod(_ result: PodResult) -> JSONValue {
        [
            "namespace": .string(result.pod.namespace), "name": .string(result.pod.name),
            "uid": .string(result.uid.text), "change": .string(result.verb), "reason": .string(result.reason),
            "result": .string(PodFate(result).rawValue), "status": orNull(result.status?.statusWord),
            "podIP": orNull(result.status?.address),
            "durationSeconds": result.took.map { .number($0 / .seconds(1)) } ?? .null,
            "failure": result.failure.map(failure) ?? .null, "waiting": result.status?.hold.map(waiting) ?? .null,
        ]
    }

    private func failure(_ failure: ActionFailure) -> JSONValue {
        ["reason": .string(failure.reason), "message": .string(failure.message)]
    }

    private func waiting(_ hold: PodHold) -> JSONValue {
        ["reason": .string(hold.reason.rawValue), "message": .string(hold.message)]
    }

    private func orNull(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
