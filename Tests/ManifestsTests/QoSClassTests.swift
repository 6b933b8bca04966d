import Manifests
import Testing

@Suite("A Pod's quality of service")
struct QoSClassTests {
    private static let full = ResourceList(cpu: MilliCPU(100), memory: Bytes(1 << 20))

    @Test(
        "follows from what its containers ask for",
        arguments: [
            ([ResourceRequirements()], QoSClass.bestEffort),
            ([ResourceRequirements(limits: full)], .guaranteed),
            ([ResourceRequirements(limits: full), ResourceRequirements(limits: full)], .guaranteed),
            ([ResourceRequirements(limits: full), ResourceRequirements()], .burstable),
            ([ResourceRequirements(requests: full)], .burstable),
            ([ResourceRequirements(limits: ResourceList(memory: Bytes(1)))], .burstable),
            ([ResourceRequirements(limits: ResourceList(cpu: MilliCPU(0), memory: Bytes(0)))], .bestEffort),
        ])
    func classes(resources: [ResourceRequirements], expected: QoSClass) {
        let containers = resources.enumerated().map { Container(name: "c\($0)", image: "app:1", resources: $1) }
        let pod = Pod(metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: containers))

        #expect(QoSClass(pod.spec) == expected)
    }
}
