import Manifests
import Testing

@Suite("What changed between two manifests is told field by field, with what it does")
struct FieldChangeTests {
    /// What an author wrote.
    private func written(_ text: String) throws -> JSONValue { try #require(load(text).pods.first?.written) }

    private func changes(_ old: String, _ new: String) throws -> [String] {
        try Pod.changes(from: written(old), to: written(new))
            .map { "\($0.path) \($0.impact.rawValue)\($0.container.map { " in \($0)" } ?? "")" }
    }

    @Test(
        "each field has its impact",
        arguments: [
            (manifest(), []), (manifest(metadata: "labels: {a: b}"), ["metadata.labels[a] none"]),
            (manifest(metadata: "annotations: {a: b}"), ["metadata.annotations[a] none"]),
            (manifest().replacing("1.14", with: "1.15"), ["spec.containers[nginx].image restartContainer in nginx"]),
            (
                manifest(container: "env: [{name: A, value: b}]"),
                ["spec.containers[nginx].env[A] restartContainer in nginx"]
            ),
            (
                manifest(container: "resources: {limits: {cpu: 1}}"),
                ["spec.containers[nginx].resources.limits.cpu inPlace in nginx"]
            ),
            (
                manifest(container: "resources: {requests: {memory: 1Mi}}"),
                ["spec.containers[nginx].resources.requests.memory inPlace in nginx"]
            ),
            (manifest(container: "args: [a]"), ["spec.containers[nginx].args recreate in nginx"]),
            (manifest(container: "command: [a]"), ["spec.containers[nginx].command recreate in nginx"]),
            (
                manifest(container: "securityContext: {allowPrivilegeEscalation: false}"),
                ["spec.containers[nginx].securityContext.allowPrivilegeEscalation recreate in nginx"]
            ),
            (manifest(spec: "nodeName: n1"), ["spec.nodeName recreate"]),
            (manifest(spec: "nodeSelector: {a: b}"), ["spec.nodeSelector[a] recreate"]),
            (manifest(spec: "tolerations: [{operator: Exists}]"), ["spec.tolerations recreate"]),
            (manifest(spec: "restartPolicy: Always"), ["spec.restartPolicy recreate"]),
            (
                manifest() + "\n  - {name: db, image: i}", ["spec.containers[db] recreate in db"]
            ),
            (
                manifest(container: "ports: [{containerPort: 1}]"), ["spec.containers[nginx].ports recreate in nginx"]
            ),
        ] as [(String, [String])])
    func impacts(new: String, expected: [String]) throws {
        #expect(try changes(manifest(), new) == expected)
        #expect(try changes(new, manifest()) == expected)
    }

    @Test("a container that moves, or comes before another, says nothing about the others")
    func order() throws {
        let one = manifest() + "\n  - {name: db, image: i}"
        let other = manifest().replacing("- name: nginx", with: "- {name: db, image: i}\n  - name: nginx")

        #expect(try changes(one, other) == ["spec.containers recreate"])
        #expect(try changes(manifest(), other) == ["spec.containers[db] recreate in db"])
    }

    @Test("variables are told by name, and their order matters to those that refer to others")
    func variables() throws {
        let old = manifest(container: "env: [{name: A, value: a}, {name: B, value: b}, {name: C}]")
        let new = manifest(container: "env: [{name: B, value: x}, {name: A, value: a}]")

        #expect(
            try changes(old, new) == [
                "spec.containers[nginx].env restartContainer in nginx",
                "spec.containers[nginx].env[B].value restartContainer in nginx",
                "spec.containers[nginx].env[C] restartContainer in nginx",
            ])
    }

    @Test("items without names are told by their place")
    func unnamed() throws {
        let old = manifest(container: "ports: [{containerPort: 1}, {containerPort: 2}]")
        let new = manifest(container: "ports: [{containerPort: 1}, {containerPort: 3}]")

        #expect(try changes(old, new) == ["spec.containers[nginx].ports[1].containerPort recreate in nginx"])
    }

    @Test(
        "what is written otherwise and means the same is no change",
        arguments: [
            (manifest(), manifest(container: "resources: {}")),
            (manifest(), manifest(container: "securityContext: {}")),
            (
                manifest(container: "resources: {limits: {memory: 1024Mi, cpu: 1}}"),
                manifest(container: "resources: {limits: {cpu: 1000m, memory: 1Gi}}")
            ),
        ])
    func same(old: String, new: String) throws {
        #expect(try changes(old, new) == [])
    }

    @Test("what restarts a container when it changes: the image and the environment")
    func restarting() throws {
        let text = manifest(container: "env: [{name: A, value: b}]\n    args: [x]\n    resources: {limits: {cpu: 1}}")

        #expect(
            try Pod.restartingFields(ofContainer: "nginx", in: written(text)) == [
                "image": "nginx:1.14", "env": [["name": "A", "value": "b"]],
            ])
        #expect(try Pod.restartingFields(ofContainer: "db", in: written(text)) == nil)
    }

    @Test("impacts are ordered by how much they disturb")
    func rank() {
        #expect(FieldImpact.allCases == FieldImpact.allCases.sorted())
    }
}
