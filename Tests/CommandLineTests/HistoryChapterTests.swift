import Journal
import Manifests
import PodModel
import Testing

@testable import reconcile_agent

@Suite("History tells what was decided and done for each revision")
struct HistoryChapterTests {
    @Test("a replacement is one line, though its Pod is created later")
    func replacement() {
        let history = text(
            [revision("3f2a9c1d", at: 1)],
            [
                plan("3f2a9c1d", "create", "new", "defined in web/nginx-pod.yaml", at: 3),
                plan("3f2a9c1d", "replace", "new", "spec.containers[0].env changed", at: 2),
            ])

        #expect(
            history == """
                REVISION   WHEN      AUTHOR   SUBJECT   RESULT
                3f2a9c1    59s ago   Ada      Serve     accepted
                  replace blue/nginx-pod: spec.containers[0].env changed

                """)
    }

    @Test("down is an entry of its own, by whoever asked for it")
    func down() {
        let down = RevisionEntry(
            revision: .down,
            commit: CommitSummary(author: "root", email: "", committedAt: at(50), subject: "End every Pod"),
            at: at(50), verdict: .accepted, diagnostics: [])
        let history = text(
            [.revision(down), revision("3f2a9c1d", at: 1)],
            [plan(RevisionID.down.text, "delete", "old", "no longer defined", at: 51)])

        #expect(
            history == """
                REVISION   WHEN      AUTHOR   SUBJECT         RESULT
                down       10s ago   root     End every Pod   requested
                  delete blue/nginx-pod: no longer defined
                3f2a9c1    59s ago   Ada      Serve           accepted, nothing changed

                """)
    }

    @Test("a revision that is taken up again has its own deeds each time")
    func again() {
        let chapters = HistoryChapter.chapters(
            [revision("a", at: 10), revision("a", at: 1)],
            [
                plan("a", "delete", "two", "", at: 11), plan("b", "create", "x", "", at: 5),
                plan("a", "create", "one", "", at: 1),
            ])

        #expect(chapters.map { $0.changes.map(\.uid.text) } == [["two"], ["one"]])
    }

    @Test("what failed stands below its revision, once, with its count")
    func failures() {
        let failure = ActionFailure(reason: "ErrImagePull", message: "no such image")
        let step = HistoryItem.action(
            intent(.startContainer(name: "web", attempt: 0, backoff: nil), at: 2),
            .ended(.failed(failure), after: .zero))
        let history = text([revision("3f2a9c1d", at: 1)], [step, step])

        #expect(
            history.hasSuffix(
                "\n  failed to start container web of blue/nginx-pod: ErrImagePull: no such image (2 times)\n"))
    }

    @Test("what was under way when the agent ended is called interrupted")
    func interrupted() {
        let step = HistoryItem.action(intent(.stopSandbox, at: 2), .interrupted)
        let history = text([revision("3f2a9c1d", at: 1)], [step])

        #expect(history.hasSuffix("\n  interrupted: stop sandbox of blue/nginx-pod, when the agent ended\n"))
    }

    @Test("machines get everything about each revision")
    func object() throws {
        let start = PodAction.startContainer(name: "web", attempt: 0, backoff: nil)
        let chapters = HistoryChapter.chapters(
            [revision("3f2a9c1d", at: 1)],
            [
                .action(intent(start, at: 3), .interrupted),
                .action(
                    intent(.createSandbox(attempt: 0), at: 2),
                    .ended(.done(ActionDetail("address 10.88.0.2")), after: .milliseconds(12))),
                plan("3f2a9c1d", "create", "u", "defined in web/nginx-pod.yaml", at: 1),
            ])
        let object = HistoryObject(
            chapters: chapters, lost: [LostLines(at: at(5), count: 3, reason: "disk full")]
        ).json

        let shown = try #require(object["revisions"]?[0])
        #expect(shown["id"] == "3f2a9c1d")
        #expect(shown["result"] == "accepted")
        #expect(shown["changes"]?[0]?["change"] == "create")
        #expect(shown["actions"]?[0]?["outcome"] == "done")
        #expect(shown["actions"]?[0]?["message"] == "address 10.88.0.2")
        #expect(shown["actions"]?[0]?["durationSeconds"] == .number(0.012))
        #expect(shown["actions"]?[1]?["outcome"] == "interrupted")
        #expect(shown["actions"]?[1]?["container"] == "web")
        #expect(object["lost"]?[0]?["count"] == 3)
    }

    @Test("one revision is shown with every action, its outcome and how long it took")
    func show() throws {
        let failure = ActionFailure(reason: "ErrImagePull", message: "no such image")
        let start = PodAction.startContainer(name: "web", attempt: 0, backoff: nil)
        let chapter = try #require(
            HistoryChapter.chapters(
                [revision("3f2a9c1d", at: 1)],
                [
                    .action(intent(start, at: 4), .underWay),
                    .action(intent(start, at: 3), .ended(.failed(failure), after: .milliseconds(3))),
                    .action(
                        intent(.createSandbox(attempt: 0), at: 2),
                        .ended(.done(ActionDetail("address 10.88.0.2")), after: .milliseconds(12))),
                    plan("3f2a9c1d", "create", "u", "defined in web/nginx-pod.yaml", at: 1),
                ]
            ).first)

        #expect(
            ChapterPresentation(chapter: chapter, now: at(60)).text == """
                revision   3f2a9c1d
                author     Ada <ada@example.org>
                subject    Serve
                seen       1970-01-01T00:00:01Z (59s ago)
                result     accepted

                create blue/nginx-pod: defined in web/nginx-pod.yaml

                WHEN                   POD              ACTION                TOOK   OUTCOME
                1970-01-01T00:00:02Z   blue/nginx-pod   create sandbox        12ms   address 10.88.0.2
                1970-01-01T00:00:03Z   blue/nginx-pod   start container web   3ms    failed: ErrImagePull: no such image
                1970-01-01T00:00:04Z   blue/nginx-pod   start container web   -      under way

                """)
    }

    @Test("a revision is named by how it begins")
    func choice() throws {
        let seen = ["3f2a9c1d", "3f2b0000", "3f2a9c1d", "down"].map { RevisionID($0) }

        #expect(try RevisionChoice("3f2a", of: seen).revision == RevisionID("3f2a9c1d"))
        #expect(try RevisionChoice("down", of: seen).revision == .down)
        #expect(throws: CommandFailure.self) { try RevisionChoice("3f2", of: seen) }
        #expect(throws: CommandFailure.self) { try RevisionChoice("9", of: seen) }
    }

    private func text(_ revisions: [HistoryItem], _ events: [HistoryItem]) -> String {
        HistoryPresentation(chapters: HistoryChapter.chapters(revisions, events), now: at(60)).text
    }

    private func at(_ seconds: Int64) -> WallTime { .epoch + .seconds(seconds) }

    private func revision(_ id: String, at seconds: Int64) -> HistoryItem {
        .revision(
            RevisionEntry(
                revision: RevisionID(id),
                commit: CommitSummary(author: "Ada", email: "ada@example.org", committedAt: .epoch, subject: "Serve"),
                at: at(seconds), verdict: .accepted, diagnostics: []))
    }

    private var pod: PodName { PodName(namespace: "blue", name: "nginx-pod") }

    private func plan(_ id: String, _ verb: String, _ uid: String, _ reason: String, at seconds: Int64) -> HistoryItem {
        .plan(
            PlanEntry(
                revision: RevisionID(id), at: at(seconds),
                changes: [PlanEntry.Change(pod: pod, uid: PodUID(uid), verb: verb, reason: reason)]))
    }

    private func intent(_ action: PodAction, at seconds: Int64) -> ActionIntent {
        ActionIntent(revision: RevisionID("3f2a9c1d"), pod: pod, uid: PodUID("u"), action: action, at: at(seconds))
    }
}
