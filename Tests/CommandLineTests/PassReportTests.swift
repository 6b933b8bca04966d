import Manifests
import PodModel
import Reconciler
import Testing

@testable import reconcile_agent

@Suite("What a pass came to is said in few words")
struct PassReportTests {
    @Test(
        "the last line counts what happened, and nothing else",
        arguments: [
            ("create create create", "converged in 0.3s: 3 created"),
            ("keep replace keep delete replace keep keep", "converged in 0.3s: 2 replaced, 1 deleted, 4 unchanged"),
            ("update ending", "converged in 0.3s: 1 deleted, 1 updated"),
            ("keep keep keep", "converged in 0.3s: nothing to do, 3 unchanged"),
            ("", "converged in 0.3s: nothing to do"),
        ])
    func lastLine(verbs: String, line: String) {
        let pods = verbs.split(separator: " ").map { result($0.replacing("-", with: " ")) }

        #expect(PassReport(summary(.converged, pods)).text.split(separator: "\n").last ?? "" == line)
    }

    @Test("what failed, is not healthy or still ends was not created, replaced or deleted")
    func notDone() {
        let failure = ActionFailure(reason: "ErrImagePull", message: "no such image")
        let pods = [
            result("create"), result("create", failure: failure), result("replace", isHealthy: false),
            result("delete", isHealthy: false),
        ]

        #expect(
            PassReport(summary(.actionFailed, pods)).text.hasSuffix(
                "an action failed in 0.3s: 1 created, 1 failed, 1 not healthy, 1 still ending\n"))
    }

    @Test("a source that cannot be reached does not mean that there was nothing to do")
    func unreachable() {
        let outcome = PassOutcome.sourceUnreachable("connection refused")

        #expect(PassReport(summary(outcome, [])).text.hasSuffix("source unreachable in 0.3s\n"))
        #expect(PassReport(summary(outcome, [result("keep")])).text.hasSuffix("in 0.3s: 1 unchanged\n"))
    }

    @Test("how long each change took is said beside it")
    func took() {
        let text = PassReport(summary(.converged, [result("create"), result("keep")])).text

        #expect(text.contains(/\nNAMESPACE +NAME +CHANGE +TOOK +STATUS +IP\n/), "\(text)")
        #expect(text.contains(/default +a +create +45ms +gone/), "\(text)")
        #expect(text.contains(/default +a +keep +<none> +gone/), "\(text)")
    }

    @Test("machines get every number, every Pod and every finding")
    func json() {
        let finding = Diagnostic(
            .error, at: SourcePosition(file: "web/pod.yaml", line: 8, column: 5), "unknown field \"contianers\"")
        let object = PassObject(summary(.invalidManifests, [result("create")], [finding])).json

        #expect(object["outcome"] == "invalidManifests")
        #expect(object["exitCode"] == 5)
        #expect(object["durationSeconds"] == .double(0.312))
        #expect(object["revision"]?["id"] == "3f2a9c1d")
        #expect(object["summary"]?["created"] == 1)
        #expect(object["summary"]?["failed"] == 0)
        #expect(object["pods"]?[0]?["change"] == "create")
        #expect(object["pods"]?[0]?["failure"] == .null)
        #expect(object["pods"]?[0]?["durationSeconds"] == .double(0.045))
        #expect(object["diagnostics"]?[0]?["line"] == 8)
    }

    private func summary(
        _ outcome: PassOutcome, _ pods: [PodResult], _ diagnostics: [Diagnostic] = []
    ) -> PassSummary {
        PassSummary(
            outcome: outcome, revision: RevisionID("3f2a9c1d"),
            commit: CommitSummary(author: "Ada", email: "", committedAt: .epoch, subject: "Serve"),
            diagnostics: diagnostics, pods: pods, duration: .milliseconds(312))
    }

    private func result(_ verb: some StringProtocol, failure: ActionFailure? = nil, isHealthy: Bool = true) -> PodResult
    {
        PodResult(
            pod: PodName(namespace: "default", name: "a"), uid: PodUID("u"), verb: String(verb), reason: "",
            status: nil,
            failure: failure, isHealthy: isHealthy && failure == nil,
            took: verb == "keep" ? nil : .milliseconds(45))
    }
}
