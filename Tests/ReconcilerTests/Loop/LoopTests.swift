import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Reconcile loop", .timeLimit(.minutes(10))) struct LoopTests {
    /// One node with everything around its loop.
    private struct Bench {
        let clock = StoppedClock()
        let runtime: SimulatedRuntime
        let source: SimulatedSource
        let store: MemoryStore
        let history = MemoryHistory()
        let log = MemoryLog()

        init(
            _ files: [String: String]?, node: SimulatedNode = SimulatedNode(), hiding hidden: Set<String> = [],
            slow: Set<String> = [], birthTime: Duration = .zero, commits: String = "r",
            store: MemoryStore = MemoryStore()
        ) {
            runtime = SimulatedRuntime(node, hiding: hidden, slow: slow, birthTime: birthTime, clock: clock)
            source = SimulatedSource(files, commits: commits)
            self.store = store
        }

        /// A new agent on the same node.
        func agent(parallelStarts: Int = 8, endsNeedHistory: Bool = true) -> ReconcileLoop {
            ReconcileLoop(
                runtime: runtime, source: source, store: store, history: history, clock: clock,
                random: SystemRandomNumberGenerator(),
                configuration: LoopConfiguration(
                    node: NodeProfile(name: "node-1"), parallelStarts: parallelStarts, endsNeedHistory: endsNeedHistory),
                log: log.logger)
        }

        /// Runs an agent while `body` looks, then stops it.
        func whileRunning(_ body: () async throws -> Void) async throws {
            let agent = agent()
            try await withThrowingTaskGroup { group in
                group.addTask { try await agent.run() }
                try await body()
                group.cancelAll()
            }
        }

        /// Waits until something is so; the suite's time limit bounds it.
        func until(_ condition: (SimulatedNode) -> Bool) async throws {
            while !condition(runtime.state) {
                try Task.checkCancellation()
                await Task.yield()
            }
        }

        var pods: [String: SimulatedNode.Life] {
            runtime.state.lives.values.reduce(into: [:]) { $0[$1.record.accepted.name.name] = $1 }
        }
    }

    private func manifest(_ name: String, image: String = "nginx:1.14", policy: String = "Always") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name)}
        spec:
          restartPolicy: \(policy)
          containers: [{name: web, image: "\(image)"}]
        """
    }

    private func runs(_ names: String...) -> (SimulatedNode) -> Bool {
        { node in
            Set(node.lives.values.filter { $0.processes["web"] != nil }.map { $0.record.accepted.name.name })
                == Set(names) && node.lives.count == names.count
        }
    }

    // MARK: --once

    @Test("one pass starts what is defined and says what it did")
    func once() async throws {
        let bench = Bench(["a.yaml": manifest("a"), "shop/b.yaml": manifest("b")])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(summary.outcome.exitCode == 0)
        #expect(summary.revision == RevisionID("r1"))
        #expect(
            summary.pods.map { "\($0.verb) \($0.pod): \($0.status?.statusWord ?? "-")" } == [
                "create default/a: Running", "create default/b: Running",
            ])
        #expect(bench.runtime.state.violations.isEmpty)
        #expect(
            bench.history.lines.prefix(3) == [
                "revision r1 accepted", "plan create default/a", "plan create default/b",
            ])
    }

    @Test("what happens to a Pod is told from the node that takes it on to the container that runs")
    func events() async throws {
        let bench = Bench(["a.yaml": manifest("a")])

        _ = try await bench.agent().once(timeout: .seconds(60))

        #expect(
            bench.history.events == [
                "Scheduled: Successfully assigned default/a to node-1",
                "Pulled: Container image \"nginx:1.14\" already present on machine and can be accessed by the pod",
                "Created: Container created", "Started: Container started",
            ])
    }

    @Test("the log names revisions as people quote them, and has no empty words")
    func log() async throws {
        let bench = Bench(["a.yaml": manifest("a")], commits: "3f2a9c1d04e5b7")

        let summary = try await bench.agent().once(timeout: .seconds(60))

        let uid = try #require(summary.pods.first?.uid)
        #expect(
            bench.log.lines == [
                "revision accepted pods=1 revision=3f2a9c1", "create sandbox pod=default/a uid=\(uid)",
                "start container container=web pod=default/a uid=\(uid)",
            ])
    }

    @Test("a second pass over an unchanged repository touches nothing")
    func unchanged() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let before = bench.runtime.state.lives.mapValues(\.record)
        bench.source.push(["a.yaml": manifest("a"), "README.md": "words"])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(summary.pods.map(\.verb) == ["keep"])
        #expect(bench.runtime.state.lives.mapValues(\.record) == before)
    }

    @Test("a pass replaces what changed, removes what is gone, and waits for both")
    func replaces() async throws {
        let bench = Bench(["a.yaml": manifest("a"), "b.yaml": manifest("b"), "c.yaml": manifest("c")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let kept = bench.pods["a"]?.record
        bench.source.push(["a.yaml": manifest("a"), "b.yaml": manifest("b", policy: "OnFailure")])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(summary.pods.map(\.verb) == ["keep", "replace", "delete"])
        #expect(bench.pods.keys.sorted() == ["a", "b"])
        #expect(bench.pods["a"]?.record == kept)
        #expect(bench.pods["b"]?.record.accepted.pod.spec.restartPolicy == .onFailure)
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("a changed image restarts its container and nothing else: same Pod, same address, one restart")
    func changedImage() async throws {
        let text = { (image: String) in
            manifest("a").replacing(
                "{name: web, image: \"nginx:1.14\"}", with: "{name: web, image: \(image)}, {name: side, image: x}")
        }
        let bench = Bench(["a.yaml": text("nginx:1"), "b.yaml": manifest("b")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let before = bench.pods
        bench.source.push(["a.yaml": text("nginx:2"), "b.yaml": manifest("b")])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(
            summary.pods.map { "\($0.verb): \($0.reason)" } == [
                "restart: spec.containers[web].image changed", "keep: unchanged",
            ])
        #expect(bench.pods["a"]?.record.uid == before["a"]?.record.uid)
        #expect(bench.pods["a"]?.record.sandbox == before["a"]?.record.sandbox)
        #expect(bench.pods["a"]?.record.containers["side"] == before["a"]?.record.containers["side"])
        #expect(bench.pods["a"]?.record.containers["web"]?.image == "nginx:2")
        #expect(bench.pods["a"]?.record.containers["web"]?.attempt == 1)
        #expect(bench.pods["b"]?.record == before["b"]?.record)
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test(
        "a Pod that has ended runs again, as a new one, when Git asks for another image; not for labels, nor for another agent"
    )
    func changedAfterItsEnd() async throws {
        let text = { (image: String, label: String) in
            manifest("a", image: image, policy: "Never").replacing(
                "{name: a}", with: "{name: a, labels: {x: \(label)}}")
        }
        let bench = Bench(["a.yaml": text("nginx:1", "a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let uid = try #require(bench.pods["a"]?.record.uid)
        bench.runtime.accident(on: uid) { $0.exit("web", of: uid, code: 0) }
        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome == .converged)
        #expect(bench.pods["a"]?.record.finalPhase == .succeeded)

        bench.source.push(["a.yaml": text("nginx:1", "b")])
        #expect(try await bench.agent().once(timeout: .seconds(60)).pods.map(\.verb) == ["update"])
        #expect(bench.pods["a"]?.record.uid == uid && bench.pods["a"]?.record.finalPhase == .succeeded)

        bench.source.push(["a.yaml": text("nginx:2", "b")])
        #expect(try await bench.agent().once(timeout: .seconds(60)).pods.map(\.verb) == ["replace"])
        let next = try #require(bench.pods["a"])
        #expect(next.record.uid != uid && next.processes["web"] != nil && next.record.containers["web"]?.attempt == 0)
        #expect(bench.runtime.state.lives.count == 1)

        bench.runtime.accident(on: next.record.uid) { $0.exit("web", of: next.record.uid, code: 1) }
        _ = try await bench.agent().once(timeout: .seconds(60))
        _ = try await bench.agent().once(timeout: .seconds(60))
        #expect(bench.pods["a"]?.record.uid == next.record.uid && bench.pods["a"]?.record.finalPhase == .failed)
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("a release that notes what containers are started from takes over those of one that did not")
    func upgrade() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let uid = try #require(bench.pods["a"]?.record.uid)
        bench.runtime.accident(on: uid) { $0.lives[uid]?.record.containers["web"]?.definition = nil }
        let before = bench.pods["a"]?.record

        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome == .converged)
        #expect(bench.pods["a"]?.record == before)

        bench.source.push(["a.yaml": manifest("a", image: "nginx:2")])
        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome == .converged)
        #expect(bench.pods["a"]?.record.uid == uid)
        #expect(bench.pods["a"]?.record.containers["web"]?.image == "nginx:2")
        #expect(bench.pods["a"]?.record.containers["web"]?.attempt == 1)
    }

    @Test("a source that cannot be reached: what was accepted is kept up, exit 3")
    func unreachable() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let uid = try #require(bench.pods["a"]?.record.uid)
        bench.runtime.accident(on: uid) { $0.killSupervisor(of: uid) }
        bench.source.push(nil)

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .sourceUnreachable("the repository cannot be reached: connection refused"))
        #expect(summary.outcome.exitCode == 3)
        #expect(bench.pods["a"]?.processes["web"] != nil)
        #expect(bench.pods["a"]?.record.uid == uid)
    }

    @Test("a source that was never reached is an answer at once, not after the timeout")
    func neverReached() async throws {
        #expect(try await Bench(nil).agent().once(timeout: .seconds(60)).outcome.exitCode == 3)
    }

    @Test("invalid manifests refuse their application alone, exit 5")
    func invalid() async throws {
        let bench = Bench(["web/a.yaml": manifest("a"), "shop/b.yaml": "kind: Pod\nspec: {contianers: []}"])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome.exitCode == 5)
        #expect(summary.diagnostics.contains { $0.position.file == "shop/b.yaml" })
        #expect(summary.pods.map(\.isHealthy) == [true])
    }

    @Test("an image that is not there is an answer at once, exit 7, and keeps no other Pod from starting")
    func missingImage() async throws {
        var node = SimulatedNode()
        node.missingImages = ["gone:1"]
        let bench = Bench(["a.yaml": manifest("a", image: "gone:1"), "b.yaml": manifest("b")], node: node)

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome.exitCode == 7)
        #expect(summary.pods.map(\.failure?.reason) == ["ErrImagePull", nil])
        #expect(summary.pods.map(\.status?.statusWord) == ["ErrImagePull", "Running"])
    }

    @Test("an image that a registry has is pulled, and the pass goes on")
    func pulledImage() async throws {
        var node = SimulatedNode()
        node.missingImages = ["far:1"]
        node.registry = ["far:1"]
        let bench = Bench(["a.yaml": manifest("a", image: "far:1")], node: node)

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome.exitCode == 0)
        #expect(bench.runtime.state.pulls == ["far:1"])
        #expect(bench.runtime.state.violations == [])
    }

    @Test("a Pod that waits for an image starts as soon as somebody brings it")
    func broughtImage() async throws {
        var node = SimulatedNode()
        node.missingImages = ["gone:1"]
        let bench = Bench(["a.yaml": manifest("a", image: "gone:1")], node: node)

        try await bench.whileRunning {
            try await bench.until { $0.pulls.count == 1 }
            bench.runtime.bring("gone:1")
            try await bench.until(runs("a"))
        }

        #expect(bench.runtime.state.pulls == ["gone:1"])
    }

    @Test(
        "what runs is left alone until the images of what follows are there",
        arguments: ["a changed image", "another Pod"])
    func pulledAhead(change: String) async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome.exitCode == 0)
        let before = try #require(bench.pods["a"]?.processes["web"]?.id)
        let next = manifest("a", image: "next:1", policy: change == "another Pod" ? "OnFailure" : "Always")
        bench.runtime.silently { $0.missingImages = ["next:1"] }
        bench.source.push(["a.yaml": next])

        let refused = try await bench.agent().once(timeout: .seconds(60))

        #expect(refused.outcome.exitCode == 7)
        #expect(refused.pods.map(\.failure?.reason) == ["ErrImagePull"])
        #expect(bench.pods["a"]?.processes["web"]?.id == before)
        #expect(bench.history.events.contains { $0.hasPrefix("Failed: Failed to pull image \"next:1\"") })

        bench.runtime.silently { $0.registry = ["next:1"] }
        let done = try await bench.agent().once(timeout: .seconds(60))

        #expect(done.outcome.exitCode == 0)
        #expect(bench.pods["a"]?.record.containers["web"]?.image == "next:1")
        #expect(bench.runtime.state.violations == [])
    }

    @Test("what a tag leads to now is pulled while what runs runs on, and both is told")
    func movedTag() async throws {
        let bench = Bench(["a.yaml": manifest("a")])

        try await bench.whileRunning {
            try await bench.until(runs("a"))
            let pod = try #require(bench.pods["a"])
            bench.runtime.moveTags(["web": "nginx:1.14"], of: pod.record.uid)
            try await bench.until { $0.pulls == ["nginx:1.14"] }
            #expect(bench.pods["a"]?.processes["web"]?.id == pod.processes["web"]?.id)
        }

        #expect(bench.history.events.contains { $0.hasPrefix("Pulling: Pulling image \"nginx:1.14\"") })
        #expect(bench.runtime.state.violations == [])
    }

    @Test("one pass sees a tag that moved, pulls what it leads to while what runs runs on, and restarts just that")
    func movedTagOnce() async throws {
        let follower = manifest("a").replacing(
            "{name: a}", with: "{name: a, annotations: {reconcile-agent.dev/follow-tag: \"true\"}}")
        let bench = Bench(["a.yaml": follower, "b.yaml": manifest("b")])
        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome == .converged)
        let before = try #require(bench.pods["a"]?.processes["web"]?.id)
        let other = try #require(bench.pods["b"]?.processes["web"]?.id)
        bench.runtime.silently { $0.movedTags = ["nginx:1.14": String?.none] }

        let refused = try await bench.agent().once(timeout: .seconds(60))

        #expect(refused.outcome == .actionFailed)
        #expect(refused.pods.map(\.failure?.reason) == ["ErrImagePull", nil])
        #expect(bench.pods["a"]?.processes["web"]?.id == before, "what cannot be had costs nothing that runs")

        bench.runtime.silently { $0.movedTags = ["nginx:1.14": "sha256:2"] }
        let moved = try await bench.agent().once(timeout: .seconds(60))

        #expect(moved.outcome == .converged)
        #expect(moved.pods.map(\.verb) == ["restart", "keep"])
        #expect(moved.pods.first?.reason == "nginx:1.14 leads to another image now")
        #expect(bench.pods["a"]?.record.containers["web"]?.imageID == "sha256:2")
        #expect(bench.pods["b"]?.processes["web"]?.id == other, "nobody asked for it")
        let again = try await bench.agent().once(timeout: .seconds(60))
        #expect(again.pods.map(\.verb) == ["keep", "keep"])
        #expect(bench.runtime.state.pulls == ["nginx:1.14", "nginx:1.14"])
        #expect(bench.runtime.state.violations == [])
    }

    @Test("a command that is not in the image is an answer at once, exit 7")
    func startError() async throws {
        var node = SimulatedNode()
        node.brokenImages = ["broken:1"]
        let bench = Bench(["a.yaml": manifest("a", image: "broken:1")], node: node)

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome.exitCode == 7)
        #expect(summary.pods.map(\.failure?.reason) == ["StartError"])
    }

    @Test("a Pod that could not be started is awaited until it is gone, as every other")
    func startErrorRemoved() async throws {
        var node = SimulatedNode()
        node.brokenImages = ["broken:1"]
        let bench = Bench(["a.yaml": manifest("a", image: "broken:1")], node: node)
        _ = try await bench.agent().once(timeout: .seconds(60))
        bench.source.push(["README.md": "words"])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(summary.pods.map(\.status) == [nil])
        #expect(bench.runtime.state.lives.isEmpty)
    }

    @Test("a slice that cannot be stored is not acted on, exit 7")
    func storeFull() async throws {
        let bench = Bench(["a.yaml": manifest("a")], store: MemoryStore(isFull: true))

        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome.exitCode == 7)
        #expect(bench.runtime.state.lives.isEmpty)
    }

    @Test("no more births happen at once than allowed")
    func bounded() async throws {
        let files = (0..<20).map { ("p\($0).yaml", manifest("p\($0)")) }
        let bench = Bench(Dictionary(uniqueKeysWithValues: files))

        #expect(try await bench.agent(parallelStarts: 3).once(timeout: .seconds(60)).outcome == .converged)
        #expect(bench.runtime.mostAtOnce <= 3)
    }

    @Test("a Pod that is not shown once it is registered is an answer, exit 7, and keeps no other from starting")
    func notShown() async throws {
        let bench = Bench(["a.yaml": manifest("a"), "b.yaml": manifest("b")], hiding: ["a"])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome.exitCode == 7)
        #expect(summary.pods.map(\.failure?.reason) == ["NoProgress", nil])
        #expect(summary.pods.map(\.status?.statusWord) == [nil, "Running"])
        #expect(bench.history.lines.count { $0 == "plan create default/a" } == 1)
    }

    // MARK: What was accepted is lost

    @Test(
        "a slice that is lost or damaged costs no Pod: it is rebuilt from the records",
        arguments: [StoredSlice.missing, .damaged(reason: "it holds \"garbage\"")])
    func lostSlice(damage: StoredSlice) async throws {
        let bench = Bench(["a.yaml": manifest("a"), "b.yaml": manifest("b")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let before = bench.runtime.state.lives.mapValues(\.record)
        bench.store.replace(by: damage)
        bench.source.push(["a.yaml": manifest("a")])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(summary.pods.map { "\($0.verb) \($0.pod.name)" } == ["keep a", "delete b"])
        #expect(bench.runtime.state.lives.mapValues(\.record) == before.filter { $0.value.accepted.name.name == "a" })
        #expect(bench.history.lines.contains("revision records accepted"))
        #expect(bench.log.lines.contains { $0.hasPrefix("accepted manifests are rebuilt from pod records") })
    }

    @Test("a slice that is lost while the source cannot be reached: every Pod is kept up, nothing ends")
    func lostSliceWithoutSource() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let uid = try #require(bench.pods["a"]?.record.uid)
        bench.runtime.accident(on: uid) { $0.killSupervisor(of: uid) }
        bench.store.replace(by: .missing)
        bench.source.push(nil)

        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome.exitCode == 3)
        #expect(bench.pods["a"]?.record.uid == uid)
        #expect(bench.pods["a"]?.processes["web"] != nil)
    }

    // MARK: A history that cannot be written

    @Test("nothing ends for a new revision while the history cannot be written; the rest goes on, exit 7")
    func noHistory() async throws {
        let bench = Bench(["a.yaml": manifest("a"), "b.yaml": manifest("b")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let (a, b) = (bench.pods["a"]?.record.uid, bench.pods["b"]?.record.uid)
        bench.history.fail("the disk is full")
        bench.source.push(["b.yaml": manifest("b", policy: "Never"), "c.yaml": manifest("c")])

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome.exitCode == 7)
        #expect(
            summary.pods.compactMap { $0.failure?.description }
                == Array(
                    repeating: "HistoryUnwritable: nothing is ended for a new revision while the history cannot be "
                        + "written: the disk is full", count: 2))
        #expect(bench.pods["a"]?.record.uid == a && bench.pods["b"]?.record.uid == b)
        #expect(bench.pods.keys.sorted() == ["a", "b", "c"])
        #expect(bench.pods.values.allSatisfy { $0.processes["web"] != nil })
    }

    @Test("once the history can be written again, what had to wait is done, without a new revision")
    func historyReturns() async throws {
        let bench = Bench(["a.yaml": manifest("a"), "b.yaml": manifest("b")])
        let agent = bench.agent()
        try await withThrowingTaskGroup { group in
            group.addTask { try await agent.run() }
            try await bench.until(runs("a", "b"))
            bench.history.fail("the disk is full")
            bench.source.push(["a.yaml": manifest("a")])
            agent.sync()
            while !bench.clock.deadlines.contains(moment(10).boot) { await Task.yield() }
            let b = try #require(bench.pods["b"]?.record.uid)
            bench.runtime.accident(on: b) { $0.exit("web", of: b, code: 1) }
            try await bench.until { $0.lives[b]?.record.containers["web"]?.attempt == 1 }

            bench.history.fail(nil)
            bench.clock.advance(by: .seconds(10))
            try await bench.until(runs("a"))
            group.cancelAll()
        }
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("who asks for the end of everything gets it, whatever becomes of the history")
    func downWithoutHistory() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        bench.history.fail("the disk is full")
        bench.source.push([:])

        let summary = try await bench.agent(endsNeedHistory: false).once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(bench.runtime.state.lives.isEmpty)
    }

    @Test("twenty Pods that end together cost two looks at all of them: one for the plan, one once it is written down")
    func endsTogether() async throws {
        let bench = Bench((0..<20).reduce(into: [:]) { $0["\($1).yaml"] = manifest("p\($1)") })
        _ = try await bench.agent().once(timeout: .seconds(60))
        bench.source.push([:])
        let before = bench.runtime.looks

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(bench.runtime.state.lives.isEmpty)
        #expect(bench.runtime.looks - before == 2)
    }

    // MARK: The long run

    @Test("the exit of a container that ends at once is written down while its neighbour uses its grace")
    func commitsExitsAsTheyCome() async throws {
        let text = manifest("a").replacing("{name: web,", with: "{name: slow, image: x}, {name: web,")
        let bench = Bench(["a.yaml": text], slow: ["slow"])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let uid = try #require(bench.pods["a"]?.record.uid)
        bench.source.push([:])
        try await bench.whileRunning {
            try await bench.until { $0.lives[uid]?.record.containers["web"]?.lastExit != nil }
            #expect(bench.pods["a"]?.processes.keys.sorted() == ["slow"])

            while !bench.clock.deadlines.contains(moment(30).boot) { await Task.yield() }
            bench.clock.advance(by: .seconds(30))
            try await bench.until { $0.lives.isEmpty }
        }
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("what was done without effect is done again after 10 s, and stands in the history once")
    func noEffect() async throws {
        let bench = Bench(["a.yaml": manifest("a")], hiding: ["a"])
        try await bench.whileRunning {
            while !bench.clock.deadlines.contains(moment(10).boot) { await Task.yield() }
            bench.clock.advance(by: .seconds(10))
            while !bench.clock.deadlines.contains(moment(30).boot) { await Task.yield() }
            bench.runtime.show("a")
            bench.clock.advance(by: .seconds(20))
            try await bench.until(runs("a"))
        }
        #expect(bench.history.lines.count { $0.hasPrefix("plan") } == 1)
    }

    @Test("a revision that changes nothing is told as unchanged, and no plan is made for it")
    func unchangedRevision() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        try await bench.whileRunning {
            try await bench.until(runs("a"))
            bench.source.push(["moved/a.yaml": manifest("a"), "README.md": "words"])
            while bench.clock.deadlines.count < 2 { await Task.yield() }
            bench.clock.advance(by: bench.clock.deadlines[0] - bench.clock.now().boot)
            while !bench.history.lines.contains("revision r2 unchanged") { await Task.yield() }
        }
        #expect(bench.history.lines.count { $0.hasPrefix("plan") } == 1)
        #expect(try await bench.store.load().slice?.revision == RevisionID("r2"))
    }

    @Test("a newer revision pre-empts what an older one left waiting for its turn")
    func preempts() async throws {
        let bench = Bench(
            ["a.yaml": manifest("a"), "b.yaml": manifest("b"), "c.yaml": manifest("c")], birthTime: .seconds(1))
        let agent = bench.agent(parallelStarts: 1)
        try await withThrowingTaskGroup { group in
            group.addTask { try await agent.run() }
            while !bench.clock.deadlines.contains(moment(1).boot) { await Task.yield() }
            bench.source.push([:])
            agent.sync()
            try await bench.until { $0.lives.values.allSatisfy { $0.record.deletion != nil } }
            for _ in 0..<1_000 { await Task.yield() }
            bench.clock.advance(by: .seconds(1))
            try await bench.until { $0.lives.isEmpty }
            group.cancelAll()
        }

        #expect(bench.history.lines.count { $0.hasPrefix("intend create sandbox") } == 1)
        #expect(bench.history.lines.count { $0.hasPrefix("intend start container") } == 0)
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("what nobody told is found by the sweep, after five minutes")
    func sweep() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        try await bench.whileRunning {
            try await bench.until(runs("a"))
            let uid = try #require(bench.pods["a"]?.record.uid)
            bench.runtime.silently { $0.exit("web", of: uid, code: 1) }
            while !bench.clock.deadlines.contains(moment(300).boot) { await Task.yield() }
            bench.clock.advance(by: .seconds(300))
            try await bench.until { $0.lives[uid]?.record.containers["web"]?.attempt == 1 }
        }
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("a machine that starts again without network brings everything back; what had ended stays so")
    func reboot() async throws {
        let bench = Bench(["a.yaml": manifest("a"), "job.yaml": manifest("job", policy: "Never")])
        try await bench.whileRunning {
            try await bench.until(runs("a", "job"))
            let job = try #require(bench.pods["job"]?.record.uid)
            bench.runtime.accident(on: job) { $0.exit("web", of: job, code: 0) }
            try await bench.until {
                $0.lives[job]?.record.finalPhase == .succeeded && $0.lives[job]?.sandbox == .absent
            }
        }
        let before = bench.pods
        bench.source.push(nil)
        bench.clock.reboot(as: BootID("boot-2"))
        bench.runtime.silently { $0.reboot(after: 0, as: BootID("boot-2")) }

        #expect(try await bench.agent().once(timeout: .seconds(60)).outcome.exitCode == 3)

        let a = try #require(bench.pods["a"])
        #expect(a.record.uid == before["a"]?.record.uid)
        #expect(a.processes["web"] != nil)
        #expect(a.record.containers["web"]?.attempt == 1)
        #expect(bench.pods["job"]?.record == before["job"]?.record)
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("a push is seen at the next poll, within a tenth of the interval")
    func poll() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        try await bench.whileRunning {
            try await bench.until(runs("a"))
            bench.source.push(["b.yaml": manifest("b")])
            while bench.clock.deadlines.count < 2 { await Task.yield() }
            let next = bench.clock.deadlines[0] - bench.clock.now().boot

            #expect(next >= .seconds(54) && next <= .seconds(66))
            bench.clock.advance(by: next)
            try await bench.until(runs("b"))
        }
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("a container that dies is started again, held back the second time")
    func healing() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        try await bench.whileRunning {
            try await bench.until(runs("a"))
            let uid = try #require(bench.pods["a"]?.record.uid)
            bench.runtime.accident(on: uid) { $0.exit("web", of: uid, code: 1) }
            try await bench.until { $0.lives[uid]?.record.containers["web"]?.attempt == 1 }

            bench.runtime.accident(on: uid) { $0.exit("web", of: uid, code: 1) }
            try await bench.until { $0.lives[uid]?.record.containers["web"]?.lastExit != nil }
            while !bench.clock.deadlines.contains(moment(10).boot) { await Task.yield() }
            bench.clock.advance(by: .seconds(10))
            try await bench.until { $0.lives[uid]?.record.containers["web"]?.attempt == 2 }
        }
        #expect(bench.runtime.state.violations.isEmpty)
    }

    @Test("an agent that stops leaves its Pods running; the next one adopts them")
    func adoption() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        try await bench.whileRunning { try await bench.until(runs("a")) }
        let before = bench.runtime.state.lives.mapValues(\.record)

        let summary = try await bench.agent().once(timeout: .seconds(60))

        #expect(summary.outcome == .converged)
        #expect(bench.runtime.state.lives.mapValues(\.record) == before)
        #expect(bench.pods["a"]?.processes["web"] != nil)
    }

    @Test("a pass whose time is over says who is not healthy, exit 8")
    func timeout() async throws {
        let bench = Bench(["a.yaml": manifest("a")])
        _ = try await bench.agent().once(timeout: .seconds(60))
        let uid = try #require(bench.pods["a"]?.record.uid)
        bench.runtime.accident(on: uid) { node in
            node.exit("web", of: uid, code: 1)
            node.lives[uid]?.record.containers["web"]?.backoff = Backoff(
                delay: .seconds(300), updatedAt: moment(0))
        }

        async let summary = bench.agent().once(timeout: .seconds(60))
        while !bench.clock.deadlines.contains(moment(300).boot) { await Task.yield() }
        bench.clock.advance(by: .seconds(60))

        #expect(try await summary.outcome.exitCode == 8)
        #expect(try await summary.pods.map(\.status?.statusWord) == ["CrashLoopBackOff"])
    }
}

extension StoredSlice {
    fileprivate var slice: AcceptedSlice? { if case .slice(let slice) = self { slice } else { nil } }
}
