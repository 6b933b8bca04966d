import Foundation
import Manifests
import PodModel
import Testing

@Suite("Taking over a changed manifest") struct TakeOverTests {
    private func accepted(_ image: String) -> AcceptedPod {
        let pod = Pod(
            metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [Container(name: "main", image: image)]))
        return AcceptedPod(
            uid: PodUID("u"), pod: pod, digest: Digest("sha256:0"), written: pod.encoded, application: .root,
            createdAt: .epoch, file: "web.yaml")
    }

    @Test("an instance that nobody noted a definition for was started from what the record said")
    func fillsIn() {
        let (old, new) = (accepted("nginx:1"), accepted("nginx:2"))
        var record = PodRecord(accepted: old, bootID: BootID("b"))
        record.containers["main"] = ContainerRecord(id: ContainerID("c"))

        record.takeOver(new)

        #expect(record.accepted == new)
        #expect(record.containers["main"]?.definition?["image"] == "nginx:1")
    }

    @Test("a definition that was noted stays, however often the manifest changes")
    func keeps() {
        var record = PodRecord(accepted: accepted("nginx:2"), bootID: BootID("b"))
        record.containers["main"] = ContainerRecord(id: ContainerID("c"), definition: ["image": "nginx:1"])

        record.takeOver(accepted("nginx:3"))

        #expect(record.containers["main"]?.definition == ["image": "nginx:1"])
    }

    @Test("a container's record that was written before definitions were noted can be read")
    func older() throws {
        let record = try JSONDecoder().decode(ContainerRecord.self, from: Data(#"{"attempt":3}"#.utf8))

        #expect(record.attempt == 3)
        #expect(record.definition == nil)
    }

    @Test("applied resources are noted, and nothing else of the new manifest")
    func resources() {
        var record = ContainerRecord(
            id: ContainerID("c"), definition: ["image": "nginx:1", "resources": ["limits": ["cpu": "1"]]])

        record.noteResources(of: ["image": "nginx:2", "resources": ["limits": ["cpu": "2"]]])
        #expect(record.definition == ["image": "nginx:1", "resources": ["limits": ["cpu": "2"]]])

        record.noteResources(of: ["image": "nginx:2"])
        #expect(record.definition == ["image": "nginx:1"])
    }
}
