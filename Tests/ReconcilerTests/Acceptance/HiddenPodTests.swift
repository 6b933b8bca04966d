import Manifests
import PodModel
import Reconciler
import Testing

/// A Pod that is defined nowhere any more was deleted, or is hidden in what did not load. A mistake must never end it.
@Suite("Pods that may be hidden") struct HiddenPodTests {
    /// A repository in a few words: files by path, `ok NAME…` for the Pods they define, anything else for a mistake.
    private func look(
        _ files: [String: String], unreadable: [UnreadableManifest] = [], after previous: AcceptedSlice? = nil,
        revision: String = "r"
    ) -> Acceptance {
        var pods: [LoadedPod] = []
        var errors: [Diagnostic] = []
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            if text.hasPrefix("ok") {
                pods += text.split(separator: " ").dropFirst().map { LoadedPod.make(.make(String($0)), file: path) }
            } else {
                errors.append(
                    Diagnostic(.error, at: SourcePosition(file: path, line: 3, column: 5), "invalid YAML"))
            }
        }
        var serial = 0
        return Acceptance(
            previous: previous, loaded: LoadedManifests(pods: pods, diagnostics: errors),
            unreadable: unreadable,
            revision: RevisionID(revision), commit: someCommit, node: NodeProfile(name: "node-1"), now: moment(0).wall,
            newUID: {
                serial += 1
                return PodUID("\(revision)-\(serial)")
            })
    }

    private func names(_ acceptance: Acceptance) -> [String] { acceptance.slice.pods.map(\.name.name) }

    /// What is pushed, one revision after the other, and the Pods that stand at its end.
    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let revisions: [[String: String]]
        let stand: [String]

        init(_ description: String, _ revisions: [[String: String]], stand: [String]) {
            (testDescription, self.revisions, self.stand) = (description, revisions, stand)
        }
    }

    @Test(
        "no mistake ends a Pod, and none keeps one once it is mended",
        arguments: [
            Story(
                "renamed with a typo inside",
                [["web/a.yaml": "ok a", "db/b.yaml": "ok b"], ["www/a.yaml": "typo", "db/b.yaml": "ok b"]],
                stand: ["a", "b"]),
            Story(
                "renamed with a typo inside, then mended",
                [["web/a.yaml": "ok a"], ["www/a.yaml": "typo"], ["www/a.yaml": "ok a"]], stand: ["a"]),
            Story(
                "renamed with a typo inside, then taken back",
                [["web/a.yaml": "ok a"], ["www/a.yaml": "typo"], ["web/a.yaml": "ok a"]], stand: ["a"]),
            Story(
                "renamed with a typo inside, another typo, then mended without the Pod",
                [["web/a.yaml": "ok a"], ["www/a.yaml": "typo"], ["www/a.yaml": "another"], ["www/b.yaml": "ok b"]],
                stand: ["b"]),
            Story(
                "moved, with a mistake, into an application that is valid otherwise",
                [["web/a.yaml": "ok a", "db/b.yaml": "ok b"], ["db/b.yaml": "ok b", "db/a.yaml": "typo"]],
                stand: ["a", "b"]),
            Story(
                "moved, with a mistake, out of an application that stays valid",
                [["web/a.yaml": "ok a", "web/c.yaml": "ok c"], ["web/c.yaml": "ok c", "db/a.yaml": "typo"]],
                stand: ["a", "c"]),
            Story(
                "moved into a file that was broken before",
                [["web/a.yaml": "ok a", "db/x.yaml": "typo"], ["db/x.yaml": "typo and a"]], stand: ["a"]),
            Story(
                "moved out of a broken application into a valid one",
                [["web/a.yaml": "ok a", "web/c.yaml": "ok c"], ["web/c.yaml": "typo", "db/a.yaml": "ok a"]],
                stand: ["a", "c"]),
            Story(
                "moved into an application that is refused for another Pod of its",
                [
                    ["web/a.yaml": "ok a", "web/c.yaml": "ok c"],
                    ["web/c.yaml": "ok c", "db/all.yaml": "ok a c"],
                ], stand: ["a", "c"]),
            Story(
                "deleted while another application stays broken: nobody can tell, it is kept",
                [["web/a.yaml": "ok a", "db/x.yaml": "typo"], ["db/x.yaml": "typo"]], stand: ["a"]),
            Story(
                "deleted in the revision that breaks another application, kept until that is mended",
                [
                    ["web/a.yaml": "ok a", "db/b.yaml": "ok b"], ["db/b.yaml": "typo"],
                    ["db/b.yaml": "typo", "new/c.yaml": "ok c"],
                ], stand: ["a", "b", "c"]),
            Story(
                "deleted in the revision that breaks another application, which is mended then",
                [["web/a.yaml": "ok a", "db/b.yaml": "ok b"], ["db/b.yaml": "typo"], ["db/b.yaml": "ok b"]],
                stand: ["b"]),
            Story(
                "hidden by one mistake, which is mended while a later one may hide it as well",
                [
                    ["web/a.yaml": "ok a", "db/b.yaml": "ok b"], ["db/b.yaml": "typo"],
                    ["db/b.yaml": "typo", "new/c.yaml": "typo"], ["db/b.yaml": "ok b", "new/c.yaml": "typo"],
                ], stand: ["a", "b"]),
            Story(
                "moved in two steps, the first of which brings the mistake",
                [
                    ["web/a.yaml": "ok a"], ["web/a.yaml": "ok a", "www/a.yaml": "typo"], ["www/a.yaml": "typo"],
                    ["www/a.yaml": "ok a"],
                ], stand: ["a"]),
            Story("a broken application is deleted", [["web/a.yaml": "ok a"], ["web/a.yaml": "typo"], [:]], stand: []),
            Story("deleted in a valid revision", [["web/a.yaml": "ok a"], [:]], stand: []),
        ])
    func stories(_ story: Story) {
        var slice: AcceptedSlice?
        for (index, files) in story.revisions.enumerated() {
            slice = look(files, after: slice, revision: "r\(index)").slice
        }

        #expect(slice?.pods.map(\.name.name) == story.stand)
        let before = look(story.revisions[0]).slice.pods.map(\.name.name)
        for pod in slice?.pods ?? [] where before.contains(pod.name.name) {
            #expect(pod.uid.text.hasPrefix("r0"), "\(pod.name) was replaced")
        }
    }

    @Test("who keeps a Pod says so, at the place that may define it, and names the application's last revision")
    func notice() {
        let first = look(["web/a.yaml": "ok a", "web/b.yaml": "ok b"]).slice
        let second = look(["www/a.yaml": "typo"], after: first, revision: "r2")

        #expect(
            second.diagnostics.map { "\($0.severity.rawValue) \($0)" } == [
                """
                notice www/a.yaml:1:1: kept as before, since this may define what is defined nowhere else now: \
                default/a, default/b
                  hint: mend this; Pods that are defined nowhere then will end
                """, "error www/a.yaml:3:5: invalid YAML",
            ])
        #expect(second.slice.applications.map(\.name.text) == ["web", "www"])
        #expect(second.slice.applications.map(\.revision?.text) == ["r", nil])
        #expect(second.slice.pods.map(\.hiddenBy) == [["www/a.yaml"], ["www/a.yaml"]])
    }

    @Test("a slice of an older release does not say what was broken then: everything that is, counts")
    func olderSlice() {
        let first = look(["web/a.yaml": "ok a", "db/x.yaml": "typo"]).slice
        let older = AcceptedSlice(
            revision: first.revision, commit: first.commit, acceptedAt: first.acceptedAt, pods: first.pods,
            applications: first.applications, unread: nil)

        #expect(names(look(["db/x.yaml": "typo"], after: older)) == ["a"])
    }

    @Test("a Pod that goes to another node in a revision with mistakes is not hidden: it ends here")
    func otherNode() {
        let first = look(["web/a.yaml": "ok a"]).slice
        let moved = Acceptance(
            previous: first,
            loaded: LoadedManifests(
                pods: [.make(.make("a", node: "node-2"), file: "web/a.yaml")],
                diagnostics: [Diagnostic(.error, at: SourcePosition(file: "db/x.yaml", line: 1, column: 1), "typo")]),
            revision: RevisionID("r2"), commit: someCommit, node: NodeProfile(name: "node-1"), now: moment(0).wall,
            newUID: { PodUID("new") })

        #expect(names(moved) == [])
    }

    private let submodule = UnreadableManifest(
        path: "web", message: "this is a submodule", hint: "commit its files", isIncidental: true)

    @Test("a directory that becomes a submodule keeps its application as it was, with an error")
    func applicationBecomesSubmodule() {
        let first = look(["web/a.yaml": "ok a", "db/b.yaml": "ok b"]).slice
        let second = look(["db/b.yaml": "ok b"], unreadable: [submodule], after: first, revision: "r2")
        let third = look(["db/b.yaml": "ok b"], unreadable: [submodule], after: second.slice, revision: "r3")

        for acceptance in [second, third] {
            #expect(names(acceptance) == ["a", "b"])
            #expect(acceptance.verdict == .partlyAccepted)
            #expect(acceptance.diagnostics.map(\.severity) == [.error])
        }
    }

    @Test("a submodule that never held an application is worth a notice, and keeps nothing from being deleted")
    func incidentalSubmodule() {
        let first = look(["db/b.yaml": "ok b"], unreadable: [submodule])
        let second = look([:], unreadable: [submodule], after: first.slice, revision: "r2")

        #expect(first.verdict == .accepted)
        #expect(first.diagnostics.map(\.severity) == [.notice])
        #expect(names(second) == [])
    }

    @Test("an application that is renamed while a submodule appears may be in it")
    func renamedToSubmodule() {
        let first = look(["old/a.yaml": "ok a"]).slice
        let second = look([:], unreadable: [submodule], after: first, revision: "r2")

        #expect(names(second) == ["a"])
    }
}
