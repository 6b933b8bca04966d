import Manifests
import PodModel
import Reconciler
import Tables

/// What `reconcile --once` prints at its end.
struct PassReport {
    private let summary: PassSummary

    init(_ summary: PassSummary) { self.summary = summary }

    /// For standard output: the revision, one line per Pod, and the sum.
    var text: String {
        let pods = TextTable(
            headers: ["NAMESPACE", "NAME", "CHANGE", "STATUS", "IP"],
            rows: summary.pods.map { result in
                [
                    result.pod.namespace, result.pod.name, result.verb, result.status?.statusWord ?? "gone",
                    result.status?.address ?? "<none>",
                ]
            })
        return revision + (summary.pods.isEmpty ? "" : pods.text()) + sum
    }

    /// For standard error: everything that went wrong.
    var errors: String {
        var lines = summary.diagnostics.map { "\($0.severity == .error ? "error" : "notice"): \($0)" }
        if case .sourceUnreachable(let reason) = summary.outcome { lines.append("error: \(reason)") }
        lines += summary.pods.compactMap { result in result.failure.map { "error: \(result.pod): \($0)" } }
        if summary.outcome == .notHealthy {
            lines += summary.pods.filter { !$0.isHealthy && $0.failure == nil }
                .map { "error: \($0.pod) was not healthy in time: \($0.status?.statusWord ?? "gone")" }
        }
        return lines.map { "\($0)\n" }.joined()
    }

    private var revision: String {
        guard let id = summary.revision, let commit = summary.commit else { return "no revision was accepted yet\n" }
        return "revision \(id.short) \(commit.subject) (\(commit.author))\n"
    }

    private var sum: String {
        let verbs = ["create", "replace", "delete", "update metadata", "keep"]
        let counts = verbs.map { "\(summary.count($0)) \($0)" }.joined(separator: ", ")
        let seconds =
            Double(summary.duration.components.seconds) + Double(summary.duration.components.attoseconds) / 1e18
        return "\(word) in \((seconds * 10).rounded() / 10)s: \(counts)\n"
    }

    private var word: String {
        switch summary.outcome {
        case .converged: "converged"
        case .sourceUnreachable: "source unreachable"
        case .invalidManifests: "invalid manifests"
        case .actionFailed: "an action failed"
        case .notHealthy: "not healthy in time"
        }
    }
}
