import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("Parts of volumes that are not there")
struct SubPathTests {
    private static let volumes = [
        Volume(name: "map", configMap: ObjectVolume(name: "nobody", optional: true)),
        Volume(name: "key", secret: ObjectVolume(name: "nobody", optional: true)),
        Volume(
            name: "words",
            downwardAPI: DownwardAPIVolume(
                items: [DownwardAPIFile(path: "name", fieldRef: ObjectFieldSelector(fieldPath: "metadata.name"))])),
    ]

    private func make(_ mounts: [VolumeMount]) -> AcceptedPod {
        let base = AcceptedPod.make(restartPolicy: .never)
        var pod = base.pod
        pod.spec.volumes = Self.volumes
        pod.spec.containers[0].volumeMounts = mounts
        return AcceptedPod(
            uid: base.uid, pod: pod, digest: base.digest, written: pod.encoded, application: base.application,
            createdAt: base.createdAt, file: base.file)
    }

    private func prepare(_ accepted: AcceptedPod, _ agent: TestAgent) throws -> PodAction {
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        try agent.perform(.mountVolumes, accepted.uid)
        return .startContainer(name: "main", attempt: 0, backoff: nil)
    }

    @Test("a subPath that the files of an object do not have is an empty directory, and the container runs")
    func missingKey() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make([
            VolumeMount(name: "map", mountPath: "/a", subPath: "app.conf"),
            VolumeMount(name: "key", mountPath: "/b", subPath: "deep/token"),
            VolumeMount(name: "words", mountPath: "/c", subPath: "none"),
            VolumeMount(name: "words", mountPath: "/d", subPath: "name"),
        ])
        try agent.perform(try prepare(accepted, agent), accepted.uid)

        let look = "busybox stat -c '%F %a' /a /b /c; ls /a /b /c | grep -c f; cat /d; touch /a/x 2>&1"
        let said = try agent.exec(["sh", "-c", look], accepted.uid).output
        #expect(said.hasPrefix(String(repeating: "directory 755\n", count: 3) + "0\nweb"), "\(said)")
        #expect(said.contains("Read-only file system"), "\(said)")
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test("a subPath that leads through a file keeps the container from being created, in the kubelet's words")
    func throughFile() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make([VolumeMount(name: "words", mountPath: "/d", subPath: "name/deep")])
        let start = try prepare(accepted, agent)

        for _ in 0..<2 {
            let failure = #expect(throws: ActionFailure.self) { try agent.perform(start, accepted.uid) }
            #expect(
                failure
                    == ActionFailure(
                        reason: "CreateContainerConfigError",
                        message: "failed to prepare subPath for volumeMount \"words\" of container \"main\""))
            let record = try #require(try agent.observe(accepted.uid)?.record.containers["main"])
            #expect(record.waiting?.reason == "CreateContainerConfigError")
            #expect(record.attempt == 0 && record.lastExit == nil && record.startedAt == nil)
        }
        try agent.perform(.stopSandbox, accepted.uid)
    }
}
