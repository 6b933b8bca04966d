import ImageStore
import Manifests
import PodModel
import Testing

@testable import reconcile_agent

@Suite("Which images Pods need")
struct ImageUsageTests {
    private let digest = "sha256:" + String(repeating: "a", count: 64)

    private func accepted(_ name: String) -> AcceptedPod {
        let pod = Pod(
            metadata: ObjectMeta(name: name), spec: PodSpec(containers: [Container(name: "main", image: "app:1")]))
        return AcceptedPod(
            uid: PodUID(name), pod: pod, digest: PodModel.Digest("sha256:0"), written: pod.encoded, application: .root,
            createdAt: WallTime(nanoseconds: 1), file: "a.yaml")
    }

    private func pod(_ name: String, _ phase: PodPhase? = nil, _ sandbox: ObservedSandbox = .absent) -> ObservedPod {
        ObservedPod(
            record: PodRecord(
                accepted: accepted(name), bootID: BootID("boot"),
                containers: ["main": ContainerRecord(id: ContainerID("c1"), imageID: digest)], finalPhase: phase),
            sandbox: sandbox, containers: [:])
    }

    private func image() throws -> StoredImage {
        StoredImage(
            reference: try ImageReference(parsing: "app:1"), imageID: try #require(ImageID(digest)),
            config: ImageConfig(), layers: [], size: 1)
    }

    @Test("one that has ended for good needs none where room is wanted, although Git still has it")
    func ended() throws {
        let (pods, slice) = ([pod("web", .failed)], [accepted("web")])

        let usage = ImageUsage(pods, accepted: slice, forgettingEnded: true)
        #expect(try !usage.needs(image()))
        #expect(usage.running == [])
        #expect(try ImageUsage(pods, accepted: slice).needs(image()), "by default it does")
    }

    @Test("one that is still being stopped, that runs, that is to start, or that shares the image keeps it")
    func kept() throws {
        let web = accepted("web")
        let cases: [([ObservedPod], [AcceptedPod])] = [
            ([pod("web", .failed, .ready)], [web]), ([pod("web", nil, .ready)], []), ([pod("web")], []), ([], [web]),
            ([pod("web", .failed), pod("other")], [web]), ([pod("web", .failed)], [web, accepted("other")]),
        ]
        for (pods, slice) in cases {
            #expect(try ImageUsage(pods, accepted: slice, forgettingEnded: true).needs(image()))
        }
    }

    @Test(
        "one that a container mounts is needed as one that a container is made from: by its name, and as it was mounted"
    )
    func mounted() throws {
        var pod = Pod(
            metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [Container(name: "main", image: "other:1")]))
        pod.spec.volumes = [Volume(name: "v", image: ImageVolume(reference: "app:1"))]
        func accepted() -> AcceptedPod {
            AcceptedPod(
                uid: PodUID("web"), pod: pod, digest: PodModel.Digest("sha256:0"), written: pod.encoded,
                application: .root, createdAt: WallTime(nanoseconds: 1), file: "a.yaml")
        }
        func observed() -> ObservedPod {
            let container = ContainerRecord(id: ContainerID("c1"), volumeImages: ["v": digest])
            return ObservedPod(
                record: PodRecord(accepted: accepted(), bootID: BootID("boot"), containers: ["main": container]),
                sandbox: .ready, containers: [:])
        }
        #expect(try !ImageUsage([], accepted: [accepted()]).needs(image()), "nobody mounts it")
        pod.spec.containers[0].volumeMounts = [VolumeMount(name: "v", mountPath: "/v")]

        #expect(try ImageUsage([], accepted: [accepted()]).needs(image()))
        #expect(try ImageUsage([observed()], accepted: []).needs(image()))
        // The tag has moved since: what was mounted stays.
        #expect(ImageUsage([observed()], accepted: []).running.map(\.description) == [digest])
    }
}
