import Manifests
import PodModel
import Testing

@testable import Reconciler

/// What a container takes from ConfigMaps and Secrets is as much its definition as what its manifest says.
@Suite("Changes of what variables are taken from") struct SourceChangeTests {
    private static func map(_ value: String) -> ConfigurationObjects {
        let map = ConfigMap(metadata: ObjectMeta(name: "app"), data: ["k": value])
        return ConfigurationObjects([
            AcceptedObject(object: .configMap(map), application: .root, createdAt: moment(0).wall, file: "a.yaml")
        ])
    }

    private static func pod(taking objects: ConfigurationObjects, optional: Bool? = nil) -> AcceptedPod {
        var pod = Pod.make("web")
        pod.spec.containers[0].env = [
            EnvVar(
                name: "A",
                valueFrom: EnvVarSource(configMapKeyRef: KeySelector(name: "app", key: "k", optional: optional)))
        ]
        return AcceptedPod.make(pod).taking(SourceDigests(of: pod, PodUID("u1"), from: objects))
    }

    private func observed(_ pod: AcceptedPod, startedFrom environment: PodModel.Digest?) -> ObservedPod {
        var record = PodRecord(accepted: pod, bootID: firstBoot)
        record.sandbox = SandboxRecord(id: SandboxID("s0"), attempt: 0, createdAt: moment(0).wall)
        let id = ContainerID("c1")
        record.containers["web"] = ContainerRecord(
            id: id, startedAt: moment(0).wall, definition: pod.written(container: "web"), environment: environment)
        return ObservedPod(
            record: record, sandbox: .ready, containers: ["web": .running(id: id, since: moment(0).wall)])
    }

    private func entry(_ old: AcceptedPod, to new: AcceptedPod) -> NodePlanEntry {
        NodePlan(
            accepted: .make([new]), observed: [observed(old, startedFrom: old.sources?.environments["web"])]
        ).entries[0]
    }

    @Test("a changed value restarts the container, and the reason names the object")
    func changed() {
        let (old, new) = (Self.pod(taking: Self.map("1")), Self.pod(taking: Self.map("2")))

        let entry = entry(old, to: new)

        #expect(entry.change == .update(new, .restartContainer))
        #expect(entry.reason == "environment of web from ConfigMap app changed")
        let plan = PodPlan(observed(new, startedFrom: old.sources?.environments["web"]), now: moment(60))
        #expect(plan.actions.map(\.verb) == ["stop container"])
    }

    @Test("the same value, or one that is missing now, changes nothing that runs")
    func unchanged() {
        let old = Self.pod(taking: Self.map("1"))

        #expect(entry(old, to: Self.pod(taking: Self.map("1"))).change == .keep)
        #expect(entry(old, to: Self.pod(taking: ConfigurationObjects())).change == .keep)
    }

    @Test("what comes back as it was changes nothing either; what comes for the first time is a change")
    func came() {
        let (without, with) = (Self.pod(taking: ConfigurationObjects()), Self.pod(taking: Self.map("1")))

        #expect(without.sources?.environments["web"] == nil)
        #expect(entry(without, to: with).change == .update(with, .restartContainer))
    }

    @Test("a source that is optional and missing is a value like any other")
    func optional() {
        let without = Self.pod(taking: ConfigurationObjects(), optional: true)

        #expect(without.sources?.environments["web"] != nil)
        #expect(
            entry(without, to: Self.pod(taking: Self.map("1"), optional: true)).reason
                == "environment of web from ConfigMap app changed")
    }

    @Test("a Pod that takes nothing has no digests")
    func nothing() { #expect(SourceDigests(of: .make("web"), PodUID("u1"), from: Self.map("1")) == nil) }

    @Test("what failed is tried at once when what was missing has come, and does not grow slower before")
    func healed() {
        let (without, with) = (Self.pod(taking: ConfigurationObjects()), Self.pod(taking: Self.map("1")))
        let start = PodAction.startContainer(name: "web", attempt: 0, backoff: nil)
        let failure = ActionFailure(reason: "CreateContainerConfigError", message: "configmap \"app\" not found")
        var memory = WorkerMemory()

        memory.notice(observed(without, startedFrom: nil), now: moment(0).boot)
        for second in [0, 10, 20, 30] { memory.learn(start, .failed(failure), now: moment(Double(second)).boot) }
        #expect(memory.retries[RetryKey(start)]?.delay == .seconds(10))
        memory.notice(observed(with, startedFrom: nil), now: moment(31).boot)

        #expect(memory.retries.isEmpty)
    }
}
