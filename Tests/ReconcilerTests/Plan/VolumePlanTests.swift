import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("When volumes are made and written anew") struct VolumePlanTests {
    private static func map(_ value: String?) -> ConfigurationObjects {
        guard let value else { return ConfigurationObjects() }
        let map = ConfigMap(metadata: ObjectMeta(name: "app"), data: ["k": value])
        return ConfigurationObjects([
            AcceptedObject(object: .configMap(map), application: .root, createdAt: moment(0).wall, file: "a.yaml")
        ])
    }

    private func pod(_ value: String?) -> AcceptedPod {
        var pod = Pod.make("web")
        pod.spec.volumes = [Volume(name: "config", configMap: ObjectVolume(name: "app"))]
        return AcceptedPod.make(pod).taking(SourceDigests(of: pod, PodUID("u1"), from: Self.map(value)))
    }

    /// A Pod whose sandbox lives.
    private func observed(_ pod: AcceptedPod, volumesOf made: AcceptedPod?, running: Bool) -> ObservedPod {
        var record = PodRecord(accepted: pod, bootID: firstBoot)
        record.sandbox = SandboxRecord(id: SandboxID("s0"), attempt: 0, createdAt: moment(0).wall)
        record.volumes = made.map {
            VolumesRecord(sandbox: SandboxID("s0"), contents: $0.sources?.volumes ?? [:])
        }
        let id = ContainerID("c1")
        if running { record.containers["web"] = ContainerRecord(id: id, startedAt: moment(0).wall) }
        return ObservedPod(
            record: record, sandbox: .ready,
            containers: running ? ["web": .running(id: id, since: moment(0).wall)] : [:])
    }

    private func plan(_ pod: ObservedPod) -> [String] { PodPlan(pod, now: moment(60)).actions.map(\.verb) }

    @Test("volumes are made after the sandbox and before the first container")
    func first() {
        let new = ObservedPod(
            record: PodRecord(accepted: pod("1"), bootID: firstBoot), sandbox: .absent, containers: [:])

        #expect(plan(new) == ["create sandbox", "mount volumes", "start container"])
        #expect(plan(observed(pod("1"), volumesOf: nil, running: false)) == ["mount volumes", "start container"])
        #expect(plan(observed(pod("1"), volumesOf: pod("1"), running: false)) == ["start container"])
    }

    @Test("what was made for an earlier sandbox is made again")
    func sandbox() {
        var pod = observed(pod("1"), volumesOf: pod("1"), running: false)
        var record = pod.record
        record.sandbox = SandboxRecord(id: SandboxID("s1"), attempt: 1, createdAt: moment(0).wall)
        pod = ObservedPod(record: record, sandbox: .ready, containers: [:])

        #expect(plan(pod) == ["mount volumes", "start container"])
    }

    @Test("a changed source is written anew while the container runs")
    func changed() {
        let entry = NodePlan(
            accepted: .make([pod("2")]), observed: [observed(pod("1"), volumesOf: pod("1"), running: true)]
        ).entries[0]

        #expect(entry.change == .update(pod("2"), .none))
        #expect(entry.reason == "files of volume config changed")
        #expect(plan(observed(pod("2"), volumesOf: pod("1"), running: true)) == ["update volumes"])
        #expect(plan(observed(pod("2"), volumesOf: pod("2"), running: true)) == [])
    }

    @Test("what is missing now stays as it was; a Pod that waits for it hears of it")
    func missing() {
        #expect(plan(observed(pod(nil), volumesOf: pod("1"), running: true)) == [])
        let waiting = NodePlan(
            accepted: .make([pod("1")]), observed: [observed(pod(nil), volumesOf: nil, running: false)]
        ).entries[0]
        #expect(waiting.change == .update(pod("1"), .none))
    }
}
