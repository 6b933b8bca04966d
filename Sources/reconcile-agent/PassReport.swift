import Manifests
import PodModel
import Reconciler
import Tables

/// What `reconcile --once` prints at its end, for people.
struct PassReport {
    private let summary: PassSummary

    init(_ summary: PassSummary) { self.summary = summary }

    /// For standard output: the revision, one line per Pod, and the sum.
    var text: String {
        let pods = TextTable(
            headers: ["NAMESPACE", "NAME", "CHANGE", "TOOK", "STATUS", "IP"],
            rows: summary.pods.map { result in
                [
                    result.pod.namespace, result.pod.name, result.verb,
                    result.took.map { Elapsed($0).description } ?? "<none>", result.status?.statusWord ?? "gone",
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
                .map { "error: \($0.pod) was not healthy in time: \($0.state)\($0.nextStep)" }
        }
        return lines.map { "\($0)\n" }.joined()
    }

    private var revision: String {
        guard let id = summary.revision, let commit = summary.commit else { return "no revision was accepted yet\n" }
        return "revision \(id.short) \(commit.subject) (\(commit.author))\n"
    }

    /// `converged in 0.3s: 2 replaced, 1 deleted, 4 unchanged`.
    private var sum: String {
        var parts = PodFate.allCases.compactMap { fate in
            let count = summary.pods.count { PodFate($0) == fate }
            return count > 0 ? "\(count) \(fate.words)" : nil
        }
        if summary.outcome == .converged, summary.pods.allSatisfy({ PodFate($0) == .unchanged }) {
            parts.insert("nothing to do", at: 0)
        }
        let tenths = (summary.duration / .seconds(1) * 10).rounded() / 10
        return "\(word) in \(tenths)s\(parts.isEmpty ? "" : ": ")\(parts.joined(separator: ", "))\n"
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

extension PodResult {
    /// Where it stands, and what it waits for if it waits for the node.
    fileprivate var state: String {
        guard let status else { return "gone" }
        return status.statusWord + (status.hold.map { ", \($0.reason.rawValue): \($0.message)" } ?? "")
    }

    /// Where a person looks next, on a line of its own.
    fileprivate var nextStep: String {
        guard let status, status.hold == nil else { return "" }
        return "\n  hint: reconcile-agent describe pod \(pod.name) -n \(pod.namespace), or logs, says why"
    }
}
