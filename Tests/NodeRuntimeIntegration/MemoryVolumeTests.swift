import Foundation
import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("What volumes in memory are made of")
struct MemoryVolumeTests {
    @Test("no page of an emptyDir in memory or of a Secret is swapped out, where the kernel can promise it")
    func noSwap() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let base = AcceptedPod.make()
        var pod = base.pod
        pod.spec.volumes = [
            Volume(name: "fast", emptyDir: EmptyDirVolume(medium: .memory, sizeLimit: Bytes(1 << 20))),
            Volume(name: "key", secret: ObjectVolume(name: "nobody", optional: true)),
        ]
        pod.spec.containers[0].volumeMounts = pod.spec.volumes.map {
            VolumeMount(name: $0.name, mountPath: "/\($0.name)")
        }
        let accepted = AcceptedPod(
            uid: base.uid, pod: pod, digest: base.digest, written: pod.encoded, application: base.application,
            createdAt: base.createdAt, file: base.file)
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        try agent.perform(.mountVolumes, accepted.uid)
        try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)

        let mounts = try agent.exec(["grep", "-E", " /(fast|key) ", "/proc/self/mounts"], accepted.uid).output
            .split(separator: "\n").map(String.init)
        #expect(mounts.count == 2 && mounts.allSatisfy { $0.contains(" tmpfs ") }, "\(mounts)")
        #expect(mounts.allSatisfy { $0.contains("noswap") == isLinux(atLeast: 6, 3) }, "\(mounts)")
        #expect(mounts.contains { $0.contains(" /fast ") && $0.contains("size=1024k") }, "\(mounts)")
        try agent.perform(.stopSandbox, accepted.uid)
    }
}
