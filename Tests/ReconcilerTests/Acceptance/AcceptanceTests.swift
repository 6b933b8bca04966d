import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Acceptance") struct AcceptanceTests {
    private func accept(
        _ pods: [LoadedPod], errors: [Diagnostic] = [], unreadable: [UnreadableManifest] = [],
        after previous: AcceptedSlice? = nil, revision: String = "r1"
    ) -> Acceptance {
        var serial = 0
        return Acceptance(
            previous: previous, loaded: LoadedManifests(pods: pods, diagnostics: errors),
            unreadable: unreadable, revision: RevisionID(revision), commit: someCommit,
            node: NodeProfile(name: "node-1"),
            now: moment(0).wall,
            newUID: {
                serial += 1
                return PodUID("\(revision)-\(serial)")
            })
    }

    private func error(_ file: String) -> Diagnostic {
        Diagnostic(.error, at: SourcePosition(file: file, line: 3, column: 5), "unknown field \"contianers\"")
    }

    @Test("an unchanged repository keeps every UID, whatever the commit")
    func unchanged() {
        let files = [LoadedPod.make(.make("a")), LoadedPod.make(.make("b"), file: "shop/b.yaml")]

        let first = accept(files).slice
        let second = accept(files, after: first, revision: "r2").slice

        #expect(second.pods == first.pods)
        #expect(second.applications.map(\.revision) == [RevisionID("r2"), RevisionID("r2")])
    }

    @Test("a file that moves to another application restarts nothing")
    func moved() {
        let first = accept([.make(.make("a"), file: "shop/a.yaml")]).slice
        let second = accept([.make(.make("a"), file: "web/a.yaml")], after: first, revision: "r2").slice

        #expect(second.pods.map(\.uid) == first.pods.map(\.uid))
        #expect(second.pods.map(\.application.text) == ["web"])
    }

    @Test("a changed grace period is a new Pod of the same name")
    func recreated() {
        let first = accept([.make(.make("a"))]).slice
        let second = accept([.make(.make("a", grace: 5))], after: first, revision: "r2").slice

        #expect(first.pods.map(\.uid.text) == ["r1-1"])
        #expect(second.pods.map(\.uid.text) == ["r2-1"])
    }

    @Test("a changed image keeps the UID and reaches the slice")
    func changedImage() {
        let first = accept([.make(.make("a"))]).slice
        let second = accept([.make(.make("a", image: "nginx:1.15"))], after: first, revision: "r2").slice

        #expect(second.pods.map(\.uid) == first.pods.map(\.uid))
        #expect(second.pods.map(\.digest) == first.pods.map(\.digest))
        #expect(second.pods.first?.pod.spec.containers.first?.image == "nginx:1.15")
    }

    @Test(
        "changed cpu and memory keep the UID, unless they give the Pod another QoS class",
        arguments: [
            (nil, 500, false), (500, nil, false), (500, 600, true), (0, nil, true), (nil, nil, true),
        ] as [(Int?, Int?, Bool)])
    func changedResources(before: Int?, after: Int?, isSame: Bool) {
        func pod(_ cpu: Int?) -> LoadedPod {
            var pod = Pod.make("a")
            pod.spec.containers[0].resources.requests.cpu = cpu.map { MilliCPU($0) }
            return .make(pod)
        }
        let first = accept([pod(before)]).slice
        let second = accept([pod(after)], after: first, revision: "r2").slice

        #expect(first.pods.map(\.uid.text) == ["r1-1"])
        #expect(second.pods.map(\.uid.text) == [isSame ? "r1-1" : "r2-1"])
    }

    @Test("a revision in which no Pod differs is told as unchanged; one with a mistake in it is not")
    func unchangedVerdict() {
        let first = accept([.make(.make("a"), file: "web/a.yaml")]).slice
        let moved = accept([.make(.make("a"), file: "www/a.yaml")], after: first, revision: "r2")
        let changed = accept([.make(.make("a", labels: ["x": "y"]), file: "web/a.yaml")], after: first, revision: "r2")
        let broken = accept(
            [.make(.make("a"), file: "web/a.yaml")], errors: [error("db/b.yaml")], after: first, revision: "r2")

        #expect(moved.verdict == .unchanged)
        #expect(changed.verdict == .accepted)
        #expect(broken.verdict == .partlyAccepted)
        #expect(accept([]).verdict == .accepted, "the first revision is news")
    }

    @Test("changed labels keep the UID and reach the slice")
    func changedLabels() {
        let first = accept([.make(.make("a"))]).slice
        let second = accept([.make(.make("a", labels: ["tier": "front"]))], after: first, revision: "r2").slice

        #expect(second.pods.map(\.uid) == first.pods.map(\.uid))
        #expect(second.pods.first?.pod.metadata.labels == ["tier": "front"])
    }

    @Test("an application with an error stays as it was, and the others go on")
    func oneBroken() {
        let first = accept([.make(.make("a"), file: "shop/a.yaml"), .make(.make("b"), file: "web/b.yaml")]).slice
        let second = accept(
            [.make(.make("b", grace: 5), file: "web/b.yaml")], errors: [error("shop/a.yaml")],
            after: first, revision: "r2")

        #expect(second.slice.pods.map(\.uid.text) == ["r1-1", "r2-1"])
        #expect(second.slice.applications.map(\.revision?.text) == ["r1", "r2"])
        #expect(second.slice.applications.map(\.diagnostics.count) == [1, 0])
        #expect(second.verdict == .partlyAccepted)
    }

    @Test("nothing is deleted because of a file that did not load")
    func allBroken() {
        let first = accept([.make(.make("a"), file: "shop/a.yaml")]).slice
        let second = accept([], errors: [error("shop/a.yaml")], after: first, revision: "r2")

        #expect(second.slice.pods == first.pods)
        #expect(second.verdict == .refused)
    }

    @Test(
        "an application of which something could not be read stays as it was, and the others go on",
        arguments: [
            ("shop/a.yaml", "shop"),  // a link to a manifest, or a file that is too large
            ("shop/more", "shop"),  // a link to a directory
            ("shop", "shop"),  // the application itself is a link
            ("a.yaml", "."),
        ])
    func unreadable(path: String, application: String) {
        let before = application == "." ? "a.yaml" : "shop/a.yaml"
        let first = accept([.make(.make("a"), file: before), .make(.make("b"), file: "web/b.yaml")]).slice
        let entry = UnreadableManifest(path: path, message: "a symbolic link to ../a.yaml", hint: "commit the file")
        let second = accept(
            [.make(.make("b", grace: 5), file: "web/b.yaml")], unreadable: [entry], after: first,
            revision: "r2")

        #expect(second.slice.pods.map(\.uid.text) == ["r1-1", "r2-1"])
        #expect(second.slice.applications.map(\.name.text) == [application, "web"])
        #expect(second.slice.applications.map(\.revision?.text) == ["r1", "r2"])
        #expect(
            second.diagnostics.map(\.description)
                == ["\(path):1:1: a symbolic link to ../a.yaml\n  hint: commit the file"])
        #expect(second.verdict == .partlyAccepted)
    }

    @Test("a notice refuses nothing")
    func notice() {
        let notice = Diagnostic(.notice, at: SourcePosition(file: "a.yaml", line: 1, column: 1), "tag latest")
        let acceptance = accept([.make(.make("a"))], errors: [notice])

        #expect(acceptance.verdict == .accepted)
        #expect(acceptance.slice.pods.count == 1)
    }

    @Test("an application whose files are gone loses its Pods")
    func removed() {
        let first = accept([.make(.make("a"), file: "shop/a.yaml"), .make(.make("b"))]).slice
        let second = accept([.make(.make("b"))], after: first, revision: "r2").slice

        #expect(second.pods.map(\.name.name) == ["b"])
        #expect(second.applications.map(\.name) == [.root])
    }

    @Test("Pods that name another node are not taken")
    func otherNode() {
        let slice = accept([.make(.make("a", node: "node-2")), .make(.make("b", node: "node-1"), line: 9)]).slice

        #expect(slice.pods.map(\.name.name) == ["b"])
    }

    @Test("a Pod that two applications define stays with the one that had it")
    func contestedOwner() {
        let first = accept([.make(.make("a"), file: "web/a.yaml")]).slice
        let second = accept(
            [.make(.make("a", image: "x:1"), file: "shop/a.yaml"), .make(.make("a"), file: "web/a.yaml")],
            after: first, revision: "r2")

        #expect(second.slice.pods == first.pods)
        #expect(second.diagnostics.map(\.message) == ["Pod default/a belongs to application \"web\" already"])
        #expect(second.slice.applications.map(\.revision?.text) == [nil, "r2"])
    }

    @Test("a Pod claimed from an application that has errors is not taken away from it")
    func contestedBroken() {
        let first = accept([.make(.make("a"), file: "shop/a.yaml")]).slice
        let second = accept(
            [.make(.make("a"), file: "web/a.yaml")], errors: [error("shop/x.yaml")], after: first, revision: "r2")

        #expect(second.slice.pods == first.pods)
        #expect(second.verdict == .refused)
    }

    @Test("one application that defines a Pod twice is refused, with both places")
    func twice() {
        let acceptance = accept([.make(.make("a")), .make(.make("a"), line: 20)])

        #expect(acceptance.slice.pods.isEmpty)
        #expect(
            acceptance.diagnostics.map(\.message)
                == ["Pod default/a is defined twice; the first definition is at pod.yaml:1:1"])
    }

    @Test(
        "two applications that define one Pod: the owner goes on, the newcomer alone is refused",
        arguments: ["aaa", "zzz"])
    func contestedFiles(newcomer: String) {
        let text = { (image: String) in
            Array(
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: \(image)}]}}"
                    .utf8)
        }
        let load = { (files: [String: String]) in
            Manifests.load(
                files.sorted { $0.key < $1.key }.map { ManifestFile(path: $0.key, contents: text($0.value)) })
        }
        let first = accept(load(["web/a.yaml": "x:1"]).pods).slice
        let loaded = load(["web/a.yaml": "x:2", "\(newcomer)/a.yaml": "x:3"])
        let second = accept(loaded.pods, errors: loaded.diagnostics, after: first, revision: "r2")

        #expect(second.slice.pods.map(\.pod.spec.containers[0].image) == ["x:2"])
        #expect(second.slice.applications.filter { $0.revision?.text == "r2" }.map(\.name.text) == ["web"])
        #expect(second.diagnostics.map(\.position.file) == ["\(newcomer)/a.yaml"])
    }
}
