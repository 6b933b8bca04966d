import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Variables that are taken from elsewhere")
struct VariableTests {
    private static func accepted(_ object: ConfigurationObject) -> AcceptedObject {
        AcceptedObject(object: object, application: .root, createdAt: .epoch, file: "a.yaml")
    }

    private let sources = VariableSources(
        objects: ConfigurationObjects([
            accepted(
                .configMap(
                    ConfigMap(
                        metadata: ObjectMeta(name: "app", namespace: "blue"), data: ["mode": "fast", "level": "3"],
                        binaryData: ["blob": [1]]))),
            accepted(
                .secret(
                    Secret(
                        metadata: ObjectMeta(name: "key", namespace: "blue"),
                        data: ["password": SecretValue(Array("x=$(level)".utf8)), "noise": SecretValue([0xFF])]))),
        ]),
        uid: PodUID("u1"), address: "10.88.0.7", node: NodePlace(name: "node-1", address: "10.88.0.1"),
        allocatable: NodeAllocatable(
            cpu: MilliCPU(3500), memory: Bytes(8 << 30), ephemeralStorage: Bytes(100 << 30)))

    private func variables(
        _ env: [EnvVar], from envFrom: [EnvFromSource] = [], resources: ResourceRequirements = .init(),
        lenient: Bool = false
    ) throws -> [String] {
        var container = Container(name: "c", image: "i", resources: resources)
        (container.env, container.envFrom) = (env, envFrom)
        let pod = Pod(
            metadata: ObjectMeta(name: "web", namespace: "blue", labels: ["app": "x"], annotations: ["a/b": "note"]),
            spec: PodSpec(containers: [container]))
        var sources = sources
        sources.leavesOutMissing = lenient
        return try Environment(of: container, in: pod, from: sources).assignments
    }

    private func map(_ key: String, of name: String = "app", optional: Bool? = nil) -> EnvVarSource {
        EnvVarSource(configMapKeyRef: KeySelector(name: name, key: key, optional: optional))
    }

    @Test("env wins over envFrom, a later envFrom over an earlier one, and keys get their prefix")
    func order() throws {
        let found = try variables(
            [EnvVar(name: "mode", value: "own"), EnvVar(name: "LATER", value: "$(A_level)$(none)")],
            from: [
                EnvFromSource(configMapRef: OptionalReference(name: "app")),
                EnvFromSource(prefix: "A_", configMapRef: OptionalReference(name: "app")),
            ])

        #expect(found == ["level=3", "mode=own", "A_level=3", "A_mode=fast", "LATER=3$(none)"])
    }

    @Test("what comes from an object is not expanded, and may be referred to")
    func taken() throws {
        let found = try variables([
            EnvVar(name: "P", valueFrom: EnvVarSource(secretKeyRef: KeySelector(name: "key", key: "password"))),
            EnvVar(name: "Q", value: "<$(P)>"),
        ])

        #expect(found == ["P=x=$(level)", "Q=<x=$(level)>"])
    }

    @Test(
        "fields of the Pod",
        arguments: [
            ("metadata.name", "web"), ("metadata.namespace", "blue"), ("metadata.uid", "u1"),
            ("metadata.labels['app']", "x"), ("metadata.labels['none']", ""), ("metadata.annotations['a/b']", "note"),
            ("spec.nodeName", "node-1"), ("spec.serviceAccountName", "default"), ("status.podIP", "10.88.0.7"),
            ("status.podIPs", "10.88.0.7"), ("status.hostIP", "10.88.0.1"),
        ])
    func field(path: String, expected: String) throws {
        let source = EnvVarSource(fieldRef: ObjectFieldSelector(fieldPath: path))
        #expect(try variables([EnvVar(name: "F", valueFrom: source)]) == ["F=\(expected)"])
    }

    @Test(
        "what a container may use, rounded up; where there is no limit, what the node may give to Pods",
        arguments: [
            ("limits.cpu", nil, "2"), ("limits.cpu", "1m", "1500"), ("requests.cpu", "1", "1"),
            ("limits.memory", nil, "8589934592"), ("limits.memory", "1Gi", "8"), ("requests.memory", "1Mi", "100"),
            ("requests.memory", "1M", "105"), ("limits.ephemeral-storage", "1Gi", "100"),
            ("requests.ephemeral-storage", "1Mi", "5"),
        ] as [(String, String?, String)])
    func resource(resource: String, divisor: String?, expected: String) throws {
        let resources = ResourceRequirements(
            limits: ResourceList(cpu: MilliCPU(1500)),
            requests: ResourceList(
                cpu: MilliCPU(500), memory: Bytes(100 << 20), ephemeralStorage: Bytes(5 << 20)))
        let selector = ResourceFieldSelector(resource: resource, divisor: try divisor.map { try Quantity($0) })
        let variable = EnvVar(name: "R", valueFrom: EnvVarSource(resourceFieldRef: selector))

        #expect(try variables([variable], resources: resources) == ["R=\(expected)"])
    }

    @Test(
        "no limit, or one of zero, is what the node may give to Pods, which is less than the machine has",
        arguments: [nil, 0])
    func unlimited(amount: Int?) throws {
        let limits = ResourceList(
            cpu: amount.map { MilliCPU($0) }, memory: amount.map { Bytes($0) },
            ephemeralStorage: amount.map { Bytes($0) })
        func told(_ resource: String, _ divisor: String) throws -> String {
            let selector = ResourceFieldSelector(resource: resource, divisor: try Quantity(divisor))
            let variable = EnvVar(name: "R", valueFrom: EnvVarSource(resourceFieldRef: selector))
            return try variables([variable], resources: ResourceRequirements(limits: limits)).joined()
        }

        #expect(try told("limits.cpu", "1m") == "R=3500")
        #expect(try told("limits.memory", "1Gi") == "R=8")
        #expect(try told("limits.ephemeral-storage", "1Gi") == "R=100")
        #expect(try told("requests.cpu", "1m") == "R=0")
    }

    @Test("the resources of a container that is not there keep the one that asks from being created, as by the kubelet")
    func unknownContainer() throws {
        let selector = ResourceFieldSelector(resource: "limits.cpu", containerName: "no")
        let variable = EnvVar(name: "R", valueFrom: EnvVarSource(resourceFieldRef: selector))
        let failure = #expect(throws: ActionFailure.self) { try variables([variable]) }

        #expect(failure == ActionFailure(reason: "CreateContainerConfigError", message: "container no not found"))
        #expect(try variables([variable], lenient: true) == [])
    }

    @Test(
        "what is missing keeps the container from being created, in the kubelet's words",
        arguments: [
            (EnvVarSource(configMapKeyRef: KeySelector(name: "no", key: "k")), "configmap \"no\" not found"),
            (EnvVarSource(secretKeyRef: KeySelector(name: "no", key: "k")), "secret \"no\" not found"),
            (
                EnvVarSource(configMapKeyRef: KeySelector(name: "app", key: "k")),
                "couldn't find key k in ConfigMap blue/app"
            ),
            (EnvVarSource(secretKeyRef: KeySelector(name: "key", key: "k")), "couldn't find key k in Secret blue/key"),
            (
                EnvVarSource(configMapKeyRef: KeySelector(name: "app", key: "blob")),
                "couldn't find key blob in ConfigMap blue/app"
            ),
            (
                EnvVarSource(secretKeyRef: KeySelector(name: "key", key: "noise")),
                "key noise in Secret blue/key is no text: it cannot be a variable"
            ),
        ])
    func missing(source: EnvVarSource, message: String) throws {
        let failure = #expect(throws: ActionFailure.self) { try variables([EnvVar(name: "A", valueFrom: source)]) }

        #expect(failure == ActionFailure(reason: "CreateContainerConfigError", message: message))
        #expect(try variables([EnvVar(name: "A", valueFrom: source)], lenient: true) == [])
    }

    @Test("what is optional and missing is left out")
    func optional() throws {
        #expect(try variables([EnvVar(name: "A", valueFrom: map("k", of: "no", optional: true))]) == [])
        #expect(try variables([EnvVar(name: "A", valueFrom: map("k", optional: true))]) == [])
        let source = EnvFromSource(secretRef: OptionalReference(name: "no", optional: true))
        #expect(try variables([], from: [source]) == [])
        #expect(throws: ActionFailure.self) {
            try variables([], from: [EnvFromSource(secretRef: OptionalReference(name: "no"))])
        }
    }
}
