import Cgroups
import ImageStore
import Manifests
import SupervisorCore
import Testing

@testable import NodeRuntime

@Suite("What a Pod's manifest asks of the machine")
struct PodLimitsTests {
    private func container(
        _ name: String, requests: ResourceList = ResourceList(), limits: ResourceList = ResourceList()
    ) -> Container {
        Container(
            name: name, image: "app:1", resources: ResourceRequirements(limits: limits, requests: requests))
    }

    private func pod(_ containers: [Container]) -> Pod {
        Pod(metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: containers))
    }

    @Test("a container's shares follow its request, or its limit where it requests nothing")
    func container() {
        let limits = PodLimits(
            pod([
                container("a", requests: ResourceList(cpu: MilliCPU(250)), limits: ResourceList(cpu: MilliCPU(500))),
                container("b", limits: ResourceList(cpu: MilliCPU(1000), memory: Bytes(64 << 20))), container("c"),
            ]), processes: 100)

        #expect(limits.containers["a"]?.cpuShares.value == 256)
        #expect(limits.containers["a"]?.cpuQuota?.microseconds == 50_000)
        #expect(limits.containers["b"]?.cpuShares.value == 1024)
        #expect(limits.containers["b"]?.memory == 64 << 20)
        #expect(limits.containers["c"] == ResourceLimits())
    }

    @Test("the Pod is bounded only where every container is; its shares are those of all requests together")
    func wholePod() {
        let bounded = container("a", limits: ResourceList(cpu: MilliCPU(500), memory: Bytes(64 << 20)))
        let other = container("b", limits: ResourceList(cpu: MilliCPU(250)))

        let both = PodLimits(pod([bounded, other]), processes: 100).pod
        let one = PodLimits(pod([bounded]), processes: 100).pod

        #expect(both.cpuQuota?.microseconds == 75_000)
        #expect(both.cpuShares.value == 768)
        #expect(both.memory == nil)
        #expect(both.processes == 100)
        #expect(one.memory == 64 << 20)
    }

    @Test("where the Pod as a whole is bounded, so is it, and each container that has no bound of its own")
    func podLevel() {
        var whole = pod([container("a", limits: ResourceList(cpu: MilliCPU(500))), container("b")])
        whole.spec.resources = ResourceRequirements(
            limits: ResourceList(cpu: MilliCPU(1000), memory: Bytes(128 << 20)),
            requests: ResourceList(cpu: MilliCPU(800)))

        let limits = PodLimits(whole, processes: 100)

        #expect(limits.pod.cpuShares.value == 819)
        #expect(limits.pod.cpuQuota?.microseconds == 100_000)
        #expect(limits.pod.memory == 128 << 20)
        #expect(limits.containers["a"]?.cpuQuota?.microseconds == 50_000)
        #expect(limits.containers["b"]?.cpuQuota?.microseconds == 100_000)
        #expect(limits.containers["b"]?.memory == 128 << 20)
        #expect(limits.containers["b"]?.cpuShares.value == 2)
    }

    @Test("a sidecar is killed no sooner than the containers that need it; what the node needs is killed last")
    func oomScoreOfOthers() {
        var side = container("side")
        side.restartPolicy = .always
        let memory = ResourceList(memory: Bytes(4 << 30))
        var spec = PodSpec(containers: [container("a", requests: memory)], initContainers: [side])
        func score(_ container: Container) -> Int32 {
            OOMScore.adjustment(
                of: container, in: Pod(metadata: ObjectMeta(name: "web"), spec: spec), nodeMemory: 16 << 30)
        }
        #expect(score(spec.containers[0]) == 750)
        #expect(score(side) == 750)
        spec.resources = ResourceRequirements(requests: ResourceList(memory: Bytes(8 << 30)))
        #expect(score(spec.containers[0]) == 625, "with its half of what the Pod requests beyond its containers")
        spec.priority.className = "system-node-critical"
        #expect(score(spec.containers[0]) == -997)
    }

    @Test("zero is no limit")
    func zero() {
        let limits = PodLimits(
            pod([container("a", limits: ResourceList(cpu: MilliCPU(0), memory: Bytes(0)))]), processes: 1)

        #expect(limits.containers["a"] == ResourceLimits())
        #expect(limits.pod.memory == nil)
    }

    @Test(
        "who asked for most is killed last, who asked for nothing first",
        arguments: [
            (nil, nil, 1000), (16 << 30, 16 << 30, -997), (1 << 30, nil, 938), (1, nil, 999), (16 << 30, nil, 3),
        ] as [(Int?, Int?, Int32)])
    func oomScore(request: Int?, limit: Int?, score: Int32) {
        let cpu = limit == nil ? nil : MilliCPU(100)
        let container = container(
            "a", requests: ResourceList(cpu: cpu, memory: request.map { Bytes($0) }),
            limits: ResourceList(cpu: cpu, memory: limit.map { Bytes($0) }))

        #expect(OOMScore.adjustment(of: container, in: pod([container]), nodeMemory: 16 << 30) == score)
    }

    @Test("processes gain no rights exactly when the manifest forbids it", arguments: [nil, true, false])
    func escalation(isAllowed: Bool?) throws {
        let context = isAllowed.map { SecurityContext(allowPrivilegeEscalation: $0) }
        let container = Container(name: "a", image: "app:1", command: ["x"], securityContext: context)

        let plan = try StartPlan(container, of: pod([container]), image: .init())

        #expect(plan.process.noNewPrivileges == (isAllowed == false))
        #expect(plan.process(running: ["y"], terminal: nil).noNewPrivileges == (isAllowed == false))
    }
}
