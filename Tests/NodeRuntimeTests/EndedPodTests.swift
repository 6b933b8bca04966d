import Foundation
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("What a Pod that stays ended gives back")
struct EndedPodTests {
    private let uid = PodUID("u")

    private func record(_ phase: PodPhase?, mounting propagation: MountPropagation? = nil) -> PodRecord {
        let mount = VolumeMount(name: "data", mountPath: "/data", mountPropagation: propagation)
        let pod = Pod(
            metadata: ObjectMeta(name: "web"),
            spec: PodSpec(
                containers: [Container(name: "main", image: "app:1", volumeMounts: [mount])],
                volumes: [Volume(name: "data", emptyDir: EmptyDirVolume())]))
        let accepted = AcceptedPod(
            uid: uid, pod: pod, digest: Digest("sha256:0"), written: pod.encoded, application: .root,
            createdAt: WallTime(nanoseconds: 1), file: "a.yaml")
        return PodRecord(accepted: accepted, bootID: BootID("boot"), finalPhase: phase)
    }

    private func withNode(_ body: (NodePaths) throws -> Void) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "ended-\(UUID())").path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: base) }
        let paths = NodePaths(
            stateDirectory: "\(base)/state", runDirectory: "\(base)/run", logDirectory: "\(base)/logs")
        for directory in [
            "\(paths.volumes(of: uid))/data/deep", "\(paths.layers(of: "main", in: uid))/0/upper", paths.etc(of: uid),
            paths.claim("db", in: "default"),
        ] { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
        try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(paths.claim("db", in: "default"))/file"))
        try body(paths)
    }

    @Test("its volumes and writable layers, and nothing else", arguments: [PodPhase.failed, .succeeded])
    func ended(phase: PodPhase) throws {
        try withNode { paths in
            try #require(EndedPod(record(phase))).giveBack(in: paths)

            #expect(!isDirectory(paths.volumes(of: uid)))
            #expect(!isDirectory("\(paths.state(of: uid))/containers"))
            #expect(isDirectory(paths.etc(of: uid)))
            #expect(FileManager.default.fileExists(atPath: "\(paths.claim("db", in: "default"))/file"))
            try #require(EndedPod(record(phase))).giveBack(in: paths)
        }
    }

    @Test("nothing as long as it may run again, or something of it lives")
    func living() throws {
        #expect(EndedPod(record(nil)) == nil)
        try withNode { paths in
            try FileManager.default.createDirectory(atPath: paths.run(of: uid), withIntermediateDirectories: true)

            try #require(EndedPod(record(.failed))).giveBack(in: paths)

            #expect(isDirectory("\(paths.volumes(of: uid))/data"))
            #expect(isDirectory(paths.layers(of: "main", in: uid)))
        }
    }

    @Test("no volume that its containers could mount something of the node's in")
    func mountedIn() throws {
        try withNode { paths in
            try #require(EndedPod(record(.failed, mounting: .bidirectional))).giveBack(in: paths)

            #expect(isDirectory("\(paths.volumes(of: uid))/data"))
            #expect(!isDirectory("\(paths.state(of: uid))/containers"))
        }
    }
}
