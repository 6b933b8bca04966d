import Testing

@testable import Manifests

@Suite("Init containers")
struct InitContainerTests {
    private func spec(_ fields: String) throws -> PodSpec? {
        load(manifest(spec: "initContainers:\n  - {name: setup, image: busybox, \(fields)}")).pods.first?.pod.spec
    }

    private func complaints(_ fields: String) -> [String] {
        load(manifest(spec: "initContainers:\n  - {name: setup, image: busybox, \(fields)}")).diagnostics.map(\.message)
    }

    @Test("one that always restarts is a sidecar, which may be probed")
    func sidecar() throws {
        let spec = try #require(try spec("restartPolicy: Always, startupProbe: {tcpSocket: {port: 1}}"))

        #expect(spec.initContainers.map(\.isSidecar) == [true])
        #expect(spec.allContainers.map(\.name) == ["setup", "nginx"])
        #expect(spec.lastingContainers.map(\.name) == ["setup", "nginx"])
    }

    @Test(
        "one that ends may not be probed",
        arguments: ["livenessProbe", "readinessProbe", "startupProbe"])
    func probed(field: String) {
        #expect(
            complaints("\(field): {tcpSocket: {port: 1}}") == [
                "spec.initContainers[0].\(field): Forbidden: may not be set for init containers without "
                    + "restartPolicy=Always"
            ])
    }

    @Test("names are the Pod's: none is given twice")
    func names() {
        let text = manifest(spec: "initContainers:\n  - {name: nginx, image: busybox}")
        #expect(
            load(text).diagnostics.map(\.message) == ["spec.initContainers[0].name: Duplicate value: \"nginx\""])
    }

    @Test("any change replaces the Pod, though the same change of a container restarts that alone")
    func changes() {
        let old: JSONValue = ["spec": ["initContainers": [["name": "a", "image": "b:1"]]]]
        let new: JSONValue = ["spec": ["initContainers": [["name": "a", "image": "b:2"]]]]

        #expect(
            Pod.changes(from: old, to: new) == [
                FieldChange(path: "spec.initContainers[a].image", impact: .recreate, container: "a")
            ])
        #expect(Pod.identifyingFields(in: old) != Pod.identifyingFields(in: new))
    }

    @Test("an init container is done once it ended well, under any policy but never", arguments: RestartPolicy.allCases)
    func policy(policy: RestartPolicy) throws {
        let setup = Container(name: "setup", image: "b:1")
        let spec = PodSpec(
            containers: [Container(name: "web", image: "b:1")], initContainers: [setup], restartPolicy: policy)

        #expect(spec.restartPolicy(of: setup) == (policy == .never ? .never : .onFailure))
        #expect(spec.restartPolicy(of: spec.containers[0]) == policy)
    }
}
