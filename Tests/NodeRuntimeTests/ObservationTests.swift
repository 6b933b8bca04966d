import Manifests
import PodModel
import SupervisorCore
import Testing

@testable import NodeRuntime

@Suite("What is seen of a Pod")
struct ObservationTests {
    private let bootID = BootID("boot")

    private func record(sandbox: String? = "s-0", id: String? = "c1") -> PodRecord {
        let pod = Pod(
            metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [Container(name: "main", image: "i")]))
        let accepted = AcceptedPod(
            uid: PodUID("u"), pod: pod, digest: Digest("sha256:0"), written: .null, application: .root,
            createdAt: .epoch, file: "web.yaml")
        return PodRecord(
            accepted: accepted, bootID: bootID,
            sandbox: sandbox.map { SandboxRecord(id: SandboxID($0), attempt: 0, createdAt: .epoch) },
            containers: ["main": ContainerRecord(id: id.map { ContainerID($0) }, startedAt: .epoch)])
    }

    private func entry(_ kind: UInt32, _ id: String, _ phase: ProcessPhase, exit: Exit? = nil) -> StateEntry {
        var entry = StateEntry()
        entry.kind = kind
        entry.id = Array(id.utf8)
        entry.phase = phase
        entry.startedAt = 5
        entry.exit = exit
        return entry
    }

    private func exit(_ id: String, code: UInt32, killedForMemory: Bool = false) -> Exit {
        var exit = Exit()
        exit.id = Array(id.utf8)
        exit.code = code
        exit.killedForMemory = killedForMemory
        return exit
    }

    @Test("a Pod without a run directory is absent, whatever its record says")
    func absent() {
        let pod = ObservedPod(record(), .none, bootID: bootID)

        #expect(pod.sandbox == .absent)
        #expect(pod.containers.isEmpty)
    }

    @Test("supervisor and the recorded sandbox make a Pod ready")
    func ready() {
        let state = [entry(StateEntry.sandbox, "s-0", .running), entry(StateEntry.container, "c1", .running)]
        let pod = ObservedPod(record(), PodEvidence(hasRunDirectory: true, supervisor: state), bootID: bootID)

        #expect(pod.sandbox == .ready)
        #expect(pod.containers["main"] == .running(id: ContainerID("c1"), since: WallTime(nanoseconds: 5)))
    }

    @Test(
        "anything less than that is dead",
        arguments: [nil, [], ["s-1"], ["s-0"]] as [[String]?])
    func dead(sandboxes: [String]?) {
        // The last one is of a sandbox whose pause has ended.
        let state = sandboxes?.map { entry(StateEntry.sandbox, $0, $0 == "s-0" ? .exited : .running) }
        let evidence = PodEvidence(hasRunDirectory: true, supervisor: state)

        #expect(ObservedPod(record(), evidence, bootID: bootID).sandbox == .dead)
    }

    @Test("a sandbox that was made and not written down is dead, not ready")
    func unwritten() {
        let evidence = PodEvidence(
            hasRunDirectory: true, supervisor: [entry(StateEntry.sandbox, "s-0", .running)])

        #expect(ObservedPod(record(sandbox: nil), evidence, bootID: bootID).sandbox == .dead)
    }

    @Test("a stopping container still runs; one still being born, or of an earlier attempt, is not seen")
    func phases() {
        func seen(_ id: String, _ phase: ProcessPhase) -> ObservedContainer? {
            let evidence = PodEvidence(
                hasRunDirectory: true, supervisor: [entry(StateEntry.container, id, phase)])
            return ObservedPod(record(), evidence, bootID: bootID).containers["main"]
        }

        #expect(seen("c1", .stopping) == .running(id: ContainerID("c1"), since: WallTime(nanoseconds: 5)))
        #expect(seen("c1", .starting) == nil)
        #expect(seen("c0", .running) == nil)
    }

    @Test("exits are read from the supervisor, and from its file when it is gone")
    func exits() {
        let ended = exit("c1", code: 3)
        let told = PodEvidence(
            hasRunDirectory: true, supervisor: [entry(StateEntry.container, "c1", .exited, exit: ended)])
        let written = PodEvidence(hasRunDirectory: true, supervisor: nil, exits: [exit("c0", code: 1), ended])

        for evidence in [told, written] {
            guard case .exited(let seen) = ObservedPod(record(), evidence, bootID: bootID).containers["main"] else {
                Issue.record("no exit is seen")
                continue
            }
            #expect(seen.code == 3)
            #expect(seen.reason == .error)
            #expect(seen.bootID == bootID)
        }
    }

    @Test("an end that is written down is told as it is written, also while its supervisor tells it without a message")
    func written() throws {
        let end = exit("c1", code: 3)
        let evidence = PodEvidence(
            hasRunDirectory: true, supervisor: [entry(StateEntry.container, "c1", .exited, exit: end)])
        var committed = record()
        committed.containers["main"]?.lastExit = ContainerExit(end, bootID: bootID).saying("done")

        let seen = ObservedPod(committed, evidence, bootID: bootID)
        #expect(seen.containers["main"] == committed.containers["main"]?.lastExit.map { .exited($0) })
        #expect(seen.unwrittenEnds.isEmpty)
        #expect(Array(ObservedPod(record(), evidence, bootID: bootID).unwrittenEnds.keys) == ["main"])
    }

    @Test("what is seen and what is written of two moments is told apart from an instance that is lost")
    func twoMoments() {
        let alive = PodEvidence(
            hasRunDirectory: true, supervisor: [entry(StateEntry.container, "c1", .running)])
        #expect(!ObservedPod(record(), alive, bootID: bootID).mayBeOfTwoMoments)
        #expect(ObservedPod(record(), .none, bootID: bootID).mayBeOfTwoMoments)
        #expect(!ObservedPod(record(id: nil), .none, bootID: bootID).mayBeOfTwoMoments)
    }

    @Test(
        "reasons are the kubelet's words",
        arguments: [
            (0, false, TerminationReason.completed), (0, true, .completed), (137, true, .oomKilled),
            (137, false, .error),
        ])
    func reasons(code: Int, isMemory: Bool, expected: TerminationReason) {
        let seen = ContainerExit(exit("c1", code: UInt32(code), killedForMemory: isMemory), bootID: bootID)

        #expect(seen.reason == expected)
    }

    @Test("a birth that failed is a start error")
    func startError() {
        var failed = exit("c1", code: 128)
        failed.failure = BirthFailure(stage: 9, error: 2, detail: Array("/nowhere".utf8))
        let seen = ContainerExit(failed, bootID: bootID)

        #expect(seen.reason == .startError)
        #expect(seen.startedAt == nil)
        #expect(seen.message == "cannot change to the working directory \"/nowhere\": no such file or directory")
    }
}
