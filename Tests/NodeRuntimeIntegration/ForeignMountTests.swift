import Aftermath
import Foundation
import Glibc
import Manifests
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("What a Pod mounted for the node too")
struct ForeignMountTests {
    @Test("goes with the Pod's own volume; what is mounted there, and lies elsewhere, stays whole")
    func removed() throws {
        let node = try TestNode()
        defer { node.clean() }
        let aftermath = try Aftermath("umount -R \"$1\"", node.state)
        defer { try? aftermath.settle() }
        // As on a node, where the disk is shared with whoever mounts.
        try node.shell("mkdir state; mount -t tmpfs state state; mount --make-rshared state")
        let agent = try node.agentWithImage()
        let script = """
            echo kept > /data/f; busybox mkdir /disk/m /disk/n && busybox mount --bind /data /disk/m && \
            busybox mount -t tmpfs t /disk/n && touch /disk/n/x /disk/own && echo done
            trap 'exit 0' TERM; while :; do usleep 20000; done
            """
        let base = AcceptedPod.make(running: script, securityContext: SecurityContext(privileged: true))
        var pod = base.pod
        pod.spec.volumes = [
            Volume(name: "disk", emptyDir: EmptyDirVolume()),
            Volume(name: "data", persistentVolumeClaim: ClaimVolume(claimName: "db")),
        ]
        pod.spec.containers[0].volumeMounts = [
            VolumeMount(name: "disk", mountPath: "/disk", mountPropagation: .bidirectional),
            VolumeMount(name: "data", mountPath: "/data"),
        ]
        let accepted = AcceptedPod(
            uid: base.uid, pod: pod, digest: base.digest, written: pod.encoded, application: base.application,
            createdAt: base.createdAt, file: base.file)
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        try agent.perform(.mountVolumes, accepted.uid)
        try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
        let volume = "\(node.state)/pods/\(accepted.uid)/volumes/disk"
        for _ in 0..<1000 * patience {
            guard !FileManager.default.fileExists(atPath: "\(volume)/own") else { break }
            usleep(10_000)
        }
        #expect(FileManager.default.fileExists(atPath: "\(volume)/m/f"), "the node sees it")

        try agent.perform(.stopSandbox, accepted.uid)
        try agent.ask(
            .markDeleted([
                accepted.uid: DeletionRecord(requestedAt: .epoch, graceSeconds: 0, deadline: BootTime(nanoseconds: 0))
            ]))
        try agent.perform(.remove, accepted.uid)

        #expect(!FileManager.default.fileExists(atPath: "\(node.state)/pods/\(accepted.uid)"))
        #expect(try String(contentsOfFile: "\(node.state)/claims/default_db/f", encoding: .utf8) == "kept\n")
        #expect(try !String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).contains(volume))
    }
}
