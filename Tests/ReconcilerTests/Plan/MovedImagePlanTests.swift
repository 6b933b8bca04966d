import Manifests
import PodModel
import Reconciler
import Testing

/// A tag that a Pod follows leads to another image on the node than the one its containers run from.
@Suite("Following a tag") struct MovedImagePlanTests {
    private func observe(
        policy: RestartPolicy = .always, follows: Bool = true, moved: [String: String] = ["x": "sha256:new"],
        ended: ContainerExit? = nil, backoff: Backoff? = nil
    ) -> ObservedPod {
        var pod = Pod.make("a", ["x", "y"], policy: policy)
        if follows { pod.metadata.annotations = [OwnAnnotation.followTag.rawValue: "true"] }
        var record = PodRecord(accepted: .make(pod), bootID: firstBoot)
        record.sandbox = SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(0).wall)
        var containers: [String: ObservedContainer] = [:]
        for name in ["x", "y"] {
            let id = ContainerID("c\(name)")
            let exit = name == "x" ? ended : nil
            record.containers[name] = ContainerRecord(
                id: id, imageID: "sha256:old", startedAt: moment(0).wall, lastExit: exit,
                backoff: name == "x" ? backoff : nil)
            if exit == nil { containers[name] = .running(id: id, since: moment(0).wall) }
        }
        return ObservedPod(record: record, sandbox: .ready, containers: containers, movedImages: moved)
    }

    @Test("only the containers whose image moved are stopped, with their grace")
    func stops() {
        let stop = PodAction.stopContainer(
            name: "x", id: ContainerID("cx"), grace: .seconds(30), reason: "image moved to another digest")

        #expect(PodPlan(observe(), now: moment(60)).actions == [stop])
        let told = PodEvents(of: .make(.make("a", ["x", "y"]))).begun(stop, at: moment(60).wall)
        #expect(
            told.map(\.message) == ["Container x image moved to another digest, will be restarted"])
    }

    @Test("once it ended it starts again at once, whatever its back-off was")
    func starts() {
        let exit = ContainerExit.make("cx", code: 143, at: 60)
        let pod = observe(ended: exit, backoff: Backoff(delay: .seconds(300), updatedAt: moment(1)))

        #expect(PodPlan(pod, now: moment(61)).actions == [.startContainer(name: "x", attempt: 1, backoff: nil)])
    }

    @Test("nothing happens where nobody asked for it, where nothing moved, and to what would not be started again")
    func stays() {
        #expect(PodPlan(observe(follows: false), now: moment(60)).actions == [])
        #expect(PodPlan(observe(moved: [:]), now: moment(60)).actions == [])
        for policy in [RestartPolicy.never, .onFailure] {
            #expect(PodPlan(observe(policy: policy), now: moment(60)).actions == [])
        }
    }
}
