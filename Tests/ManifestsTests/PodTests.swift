import Manifests
import Testing

@Suite("A Pod is decoded, given its defaults and written back")
struct PodTests {
    static let full = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: blue
          labels: {app: web, empty: ""}
          annotations: {note: "1"}
        spec:
          restartPolicy: OnFailure
          terminationGracePeriodSeconds: 0
          nodeName: n1
          hostname: h
          nodeSelector: {disk: ssd}
          affinity:
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                - matchExpressions: [{key: zone, operator: In, values: [a, b]}, {key: gpu, operator: Exists}]
                  matchFields: [{key: metadata.name, operator: NotIn, values: [n2]}]
          tolerations: [{key: a, value: b, effect: NoSchedule}, {operator: Exists}]
          containers:
          - name: nginx
            image: nginx:1.14
            command: [nginx]
            args: ["-g", "daemon off;"]
            workingDir: /srv
            env: [{name: MYVAR, value: testValue}, {name: EMPTY}]
            ports: [{name: http, containerPort: 80, protocol: UDP}, {containerPort: 81}]
            imagePullPolicy: Never
            resources: {limits: {cpu: 1, memory: 1024Mi}, requests: {cpu: 0.2}}
            securityContext: {allowPrivilegeEscalation: false}
        """

    @Test("every supported field arrives")
    func everyField() throws {
        let pod = try #require(load(Self.full).pods.first?.pod)

        #expect(
            pod
                == Pod(
                    metadata: ObjectMeta(
                        name: "web", namespace: "blue", labels: ["app": "web", "empty": ""],
                        annotations: ["note": "1"]),
                    spec: PodSpec(
                        containers: [
                            Container(
                                name: "nginx", image: "nginx:1.14", command: ["nginx"], args: ["-g", "daemon off;"],
                                workingDir: "/srv",
                                env: [EnvVar(name: "MYVAR", value: "testValue"), EnvVar(name: "EMPTY")],
                                ports: [
                                    ContainerPort(name: "http", containerPort: 80, protocol: .udp),
                                    ContainerPort(containerPort: 81),
                                ], imagePullPolicy: .never,
                                resources: ResourceRequirements(
                                    limits: ResourceList(cpu: MilliCPU(1000), memory: Bytes(1 << 30)),
                                    requests: ResourceList(cpu: MilliCPU(200), memory: Bytes(1 << 30))),
                                securityContext: SecurityContext(allowPrivilegeEscalation: false))
                        ], restartPolicy: .onFailure, terminationGracePeriodSeconds: 0, nodeName: "n1", hostname: "h",
                        nodeSelector: ["disk": "ssd"], affinity: Self.affinity,
                        tolerations: [
                            Toleration(key: "a", value: "b", effect: .noSchedule), Toleration(operator: .exists),
                        ])))
    }

    private static let affinity = Affinity(
        nodeAffinity: NodeAffinity(
            required: NodeSelector(nodeSelectorTerms: [
                NodeSelectorTerm(
                    matchExpressions: [
                        NodeSelectorRequirement(key: "zone", operator: .in, values: ["a", "b"]),
                        NodeSelectorRequirement(key: "gpu", operator: .exists),
                    ],
                    matchFields: [NodeSelectorRequirement(key: "metadata.name", operator: .notIn, values: ["n2"])])
            ])))

    @Test("the table's defaults are those of the initialisers")
    func defaults() throws {
        let pod = try #require(load(manifest(container: "ports: [{containerPort: 80}]")).pods.first?.pod)
        let container = Container(name: "nginx", image: "nginx:1.14", ports: [ContainerPort(containerPort: 80)])

        #expect(pod == Pod(metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [container])))
    }

    @Test("decoding what was encoded gives the same Pod", arguments: [full, manifest()])
    func roundTrip(text: String) throws {
        let pod = try #require(load(text).pods.first?.pod)

        #expect(try Pod(decoding: pod.encoded) == pod)
        #expect(try Pod(decoding: pod.encoded).encoded == pod.encoded)
        #expect(load(pod.encoded.yaml).pods.map(\.pod) == [pod])
        #expect(load(pod.encoded.pretty).pods.map(\.pod) == [pod])
        #expect(load(pod.encoded.canonical).pods.map(\.pod) == [pod])
    }

    @Test("what its author wrote also decodes to the same Pod", arguments: [full, manifest()])
    func writtenDecodes(text: String) throws {
        let loaded = try #require(load(text).pods.first)

        #expect(try Pod(decoding: loaded.written) == loaded.pod)
    }

    @Test("what its author wrote has no defaults, and no fields that say nothing")
    func written() throws {
        let text = manifest(
            spec: "hostname: \"\"", container: "args: []\n    workingDir:\n    env: [{name: A, value: \"\"}]")
        let loaded = try #require(load(text).pods.first)

        #expect(
            loaded.written == [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web"],
                "spec": ["containers": [["name": "nginx", "image": "nginx:1.14", "env": [["name": "A"]]]]],
            ])
    }

    @Test("a terminal and an open standard input are read and written back; what says false says nothing")
    func streams() throws {
        let loaded = try #require(
            load(manifest(container: "stdin: true\n    stdinOnce: true\n    tty: true")).pods.first)
        let container = loaded.pod.spec.containers[0]
        #expect(container.stdin && container.stdinOnce && container.tty)
        #expect(loaded.pod.encoded.yaml.contains("stdinOnce: true"))
        #expect(try Pod(decoding: loaded.pod.encoded) == loaded.pod)

        let silent = try #require(
            load(manifest(container: "stdin: false\n    stdinOnce: false\n    tty: false")).pods.first)
        #expect(
            silent.pod == load(manifest()).pods.first?.pod && silent.written == load(manifest()).pods.first?.written)
        #expect(!silent.pod.encoded.yaml.contains("tty"))
    }

    @Test("a default that is written out counts as written")
    func writtenDefault() throws {
        let loaded = try #require(load(manifest(spec: "restartPolicy: Always")).pods.first)

        #expect(loaded.written["spec"]?["restartPolicy"] == "Always")
    }

    @Test(
        "the pull policy follows from the image",
        arguments: [
            ("nginx", .always), ("nginx:latest", .always), ("nginx:1.14", .ifNotPresent),
            ("registry:5000/nginx", .always), ("registry:5000/a/nginx:1", .ifNotPresent),
            ("nginx@sha256:0", .ifNotPresent),
            ("nginx:latest@sha256:0", .always),
        ] as [(String, ImagePullPolicy)])
    func pullPolicy(image: String, policy: ImagePullPolicy) {
        #expect(
            load(manifest().replacing("nginx:1.14", with: image)).pods.first?.pod.spec.containers[0].imagePullPolicy
                == policy)
    }

    @Test("a record that is no Pod says everything that is wrong with it")
    func badRecord() {
        let error = #expect(throws: ManifestError.self) { try Pod(decoding: ["kind": "Pod", "spec": ["x": 1]]) }

        #expect(
            error
                == .unreadable(
                    kind: "Pod",
                    problems: [
                        "unknown field \"x\" in Pod.spec", "spec.containers: Required value",
                        "apiVersion: Required value", "metadata.name: Required value",
                    ]))
    }

    @Test("a record stays readable when today's rules would refuse it")
    func oldRecord() throws {
        let record: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "UPPER"],
            "spec": ["containers": [["name": "c", "image": "i"]]],
        ]

        #expect(try Pod(decoding: record).metadata.name == "UPPER")
    }

    @Test("what is not limited otherwise is requested as it is limited, and not counted as written")
    func requestsFollowLimits() throws {
        let text = manifest(container: "resources: {limits: {cpu: 2, memory: \"1e3\"}, requests: {cpu: 100m}}")
        let loaded = try #require(load(text).pods.first)
        let resources = loaded.pod.spec.containers[0].resources

        #expect(resources.requests == ResourceList(cpu: MilliCPU(100), memory: Bytes(1000)))
        #expect(
            loaded.written["spec"]?["containers"]?[0]?["resources"]
                == ["limits": ["cpu": "2", "memory": "1e3"], "requests": ["cpu": "100m"]])
        #expect(
            loaded.pod.encoded["spec"]?["containers"]?[0]?["resources"]?["requests"]
                == ["cpu": "100m", "memory": "1e3"])
    }

    @Test("a fraction of a byte is noticed, as another unit was meant")
    func fractionOfAByte() {
        let loaded = load(manifest(container: "resources: {limits: {memory: 128m}}"))

        #expect(loaded.pods[0].pod.spec.containers[0].resources.limits.memory == Bytes(1))
        #expect(
            loaded.diagnostics.map(\.description) == [
                """
                web/pod.yaml:9:34: spec.containers[0].resources.limits.memory: "128m" has a fraction and counts as 1
                  hint: did you mean "128M" or "128Mi"?
                """
            ])
    }

    @Test(
        "what has no effect here is said once and does not matter",
        arguments: [
            (manifest(spec: "schedulerName: mine"), "schedulerName"),
            (manifest(spec: "affinity: {podAffinity: {x: y}}"), "podAffinity"),
            (manifest(metadata: "uid: x"), "uid"), (manifest() + "\nstatus: {phase: Running}", "status"),
        ])
    func noticed(text: String, field: String) {
        let loaded = load(text)

        #expect(loaded.pods.count == 1)
        #expect(loaded.diagnostics.map(\.severity) == [.notice])
        #expect(loaded.diagnostics[0].message.hasPrefix("field \"\(field)\" in "))
        #expect(loaded.diagnostics[0].message.contains(" is accepted and has no effect here: "))
    }

    @Test(
        "what asks for nothing else than what happens anyway is accepted in silence",
        arguments: [
            manifest(spec: "schedulerName: default-scheduler"), manifest(spec: "hostNetwork: false"),
            manifest(spec: "volumes: []"), manifest(spec: "securityContext: {}"),
            manifest(spec: "securityContext: {sysctls: [], seLinuxOptions: {}, runAsNonRoot: false}"),
            manifest(spec: "dnsPolicy: ClusterFirst"), manifest(spec: "enableServiceLinks: true"),
            manifest(spec: "affinity: {}"), manifest(spec: "os: {name: linux}"),
            manifest(container: "securityContext: {privileged: false, capabilities: {drop: []}}"),
            manifest(container: "terminationMessagePath: /dev/termination-log"),
            manifest(container: "resources: {}"), manifest(container: "envFrom: []"), manifest(container: "tty: false"),
            manifest(metadata: "creationTimestamp: null") + "\nstatus: {}",
        ])
    func harmless(text: String) {
        let loaded = load(text)

        #expect(loaded.pods.count == 1)
        #expect(loaded.diagnostics == [])
    }

    @Test("an environment variable set twice is noticed, and the Pod is used")
    func notices() {
        let loaded = load(manifest(container: "env: [{name: A}, {name: A}]"))

        #expect(loaded.pods.count == 1)
        #expect(loaded.diagnostics.map(\.severity) == [.notice])
        #expect(loaded.diagnostics.map(\.message) == ["spec.containers[0].env[1]: hides previous definition of \"A\""])
    }
}
