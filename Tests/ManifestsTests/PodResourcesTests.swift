import Testing

@testable import Manifests

@Suite("What a Pod counts on as a whole")
struct PodResourcesTests {
    private func container(
        _ name: String, cpu: Int? = nil, memory: Int? = nil, limit: Int? = nil, isSidecar: Bool = false
    ) -> Container {
        var container = Container(
            name: name, image: "app:1",
            resources: ResourceRequirements(
                limits: ResourceList(cpu: limit.map { MilliCPU($0) }),
                requests: ResourceList(cpu: cpu.map { MilliCPU($0) }, memory: memory.map { Bytes($0) })))
        container.restartPolicy = isSidecar ? .always : nil
        return container
    }

    private func requests(_ spec: PodSpec) -> [Int?] {
        let requests = spec.effectiveRequests
        return [requests.cpu?.count, requests.memory?.count, requests.ephemeralStorage?.count]
    }

    @Test("the containers' sum, or an init container's with the sidecars before it where that is more")
    func effective() {
        #expect(requests(PodSpec(containers: [container("a")])) == [0, 0, 0])
        #expect(
            requests(PodSpec(containers: [container("a", cpu: 100, memory: 7), container("b", cpu: 50)])) == [
                150, 7, 0,
            ])
        let prepared = PodSpec(
            containers: [container("a", cpu: 100)],
            initContainers: [
                container("first", cpu: 180), container("side", cpu: 100, isSidecar: true),
                container("second", cpu: 150),
            ])
        #expect(requests(prepared)[0] == 250, "second beside the sidecar")
        var late = prepared
        late.initContainers.swapAt(1, 2)
        #expect(requests(late)[0] == 200, "the container beside the sidecar; second ended before it")
    }

    @Test("the Pod's own word counts instead, and its overhead beside it")
    func whole() {
        var spec = PodSpec(containers: [container("a", cpu: 100, memory: 1)])
        spec.overhead = ResourceList(cpu: MilliCPU(10))
        #expect(requests(spec) == [110, 1, 0])

        spec.resources = ResourceRequirements(requests: ResourceList(cpu: MilliCPU(500)))
        #expect(requests(spec) == [510, 1, 0])
    }

    @Test("sums stay at the largest number")
    func overflow() {
        let spec = PodSpec(containers: [container("a", memory: .max), container("b", memory: .max)])

        #expect(requests(spec)[1] == .max)
    }

    @Test("the Pod is bounded where every container is, or by its own word")
    func limits() {
        var spec = PodSpec(containers: [container("a", limit: 100), container("b", limit: 200)])
        #expect(spec.effectiveLimits.cpu == MilliCPU(300))
        spec.containers[1].resources = ResourceRequirements()
        #expect(spec.effectiveLimits.cpu == nil)
        spec.resources = ResourceRequirements(limits: ResourceList(cpu: MilliCPU(1000)))
        #expect(spec.effectiveLimits.cpu == MilliCPU(1000))
    }

    // MARK: Manifests

    private func load(_ spec: String) -> LoadedManifests {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
            \(spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
            """
        return Manifests.load([ManifestFile(path: "f", contents: Array(text.utf8))])
    }

    @Test(
        "what a Pod with limits requests: what its containers do, else as much as it may use",
        arguments: [
            ("{limits: {cpu: 2, memory: 1Gi}}", "{}", [2000, 1 << 30], QoSClass.guaranteed),
            ("{limits: {cpu: 2}}", "{requests: {cpu: 300m}}", [300, 0], .burstable),
            ("{requests: {cpu: 1}}", "{limits: {cpu: 500m, memory: 1Mi}}", [1000, 1 << 20], .burstable),
            ("{}", "{limits: {cpu: 1, memory: 1Mi}}", [1000, 1 << 20], .guaranteed),
        ])
    func defaults(whole: String, container: String, expected: [Int], qos: QoSClass) throws {
        let loaded = load("resources: \(whole)\ncontainers: [{name: a, image: 'b:1', resources: \(container)}]")

        let spec = try #require(loaded.pods.first?.pod.spec, "\(loaded.diagnostics)")
        #expect([spec.effectiveRequests.cpu?.count, spec.effectiveRequests.memory?.count] == expected)
        #expect(QoSClass(spec) == qos)
    }

    @Test(
        "what does not agree is refused in Kubernetes' words",
        arguments: [
            (
                "resources: {requests: {cpu: 1}}\ncontainers: [{name: a, image: 'b:1', resources: {requests: {cpu: 1500m}}}]",
                "spec.resources.requests.cpu: Invalid value: \"1\": must be greater than or equal to aggregate container "
                    + "requests of 1500m"
            ),
            (
                "resources: {limits: {cpu: 1}}\ncontainers: [{name: a, image: 'b:1', resources: {limits: {cpu: 2}, requests: {cpu: 0}}}]",
                "spec.containers[0].resources.limits.cpu: Invalid value: \"2\": must be less than or equal to pod limits of 1"
            ),
            (
                "resources: {requests: {ephemeral-storage: 1Gi}}\ncontainers: [{name: a, image: 'b:1'}]",
                "spec.resources.requests.ephemeral-storage: Unsupported value: \"ephemeral-storage\": supported values: "
                    + "\"cpu\", \"memory\""
            ),
            (
                "restartPolicy: Never\ncontainers: [{name: a, image: 'b:1', resizePolicy: "
                    + "[{resourceName: cpu, restartPolicy: RestartContainer}]}]",
                "spec.containers[0].resizePolicy[0].restartPolicy: Unsupported value: \"RestartContainer\": supported "
                    + "values: \"NotRequired\""
            ),
            (
                "nodeName: node1\nschedulingGates: [{name: x}]\ncontainers: [{name: a, image: 'b:1'}]",
                "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"
            ),
        ])
    func refused(spec: String, words: String) {
        let loaded = load(spec)

        #expect(loaded.pods.isEmpty)
        #expect(loaded.diagnostics.map(\.message) == [words])
    }

    @Test("what is accepted and does not do all it says is told")
    func told() throws {
        let loaded = load(
            "priorityClassName: gold\ncontainers: [{name: a, image: 'b:1', resources: {limits: {ephemeral-storage: 1Gi}}}]"
        )

        let spec = try #require(loaded.pods.first?.pod.spec)
        #expect(spec.effectiveRequests.ephemeralStorage == Bytes(1 << 30))
        #expect(loaded.diagnostics.allSatisfy { $0.severity == .notice })
        #expect(
            loaded.diagnostics.map(\.message) == [
                "spec.priorityClassName: \"gold\" counts as priority 0: the classes known here are "
                    + "\"system-cluster-critical\" and \"system-node-critical\""
            ])
    }

    @Test(
        "the priority is the Pod's own, else of a class that Kubernetes itself has",
        arguments: [
            ("priority: 7", 7), ("priorityClassName: system-node-critical", 2_000_001_000), ("hostname: h", 0),
        ])
    func priority(line: String, expected: Int) throws {
        let loaded = load("\(line)\ncontainers: [{name: a, image: 'b:1'}]")

        #expect(try #require(loaded.pods.first).pod.spec.priority.rank == expected)
    }

    @Test("a resource whose policy wants it restarts its container, the others change as it runs")
    func resizePolicy() throws {
        func written(_ cpu: String, _ memory: String) throws -> JSONValue {
            let loaded = load(
                """
                containers:
                - name: web
                  image: 'b:1'
                  resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
                  resources: {limits: {cpu: \(cpu), memory: \(memory)}}
                """)
            return try #require(loaded.pods.first, "\(loaded.diagnostics)").written
        }
        let changes = Pod.changes(from: try written("1", "1Gi"), to: try written("2", "2Gi"))

        #expect(
            changes.map { "\($0.path) \($0.impact.rawValue)" } == [
                "spec.containers[web].resources.limits.cpu inPlace",
                "spec.containers[web].resources.limits.memory restartContainer",
            ])
    }
}
