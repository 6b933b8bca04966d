import Manifests
import Testing

@Suite("Images as volumes, in manifests")
struct ImageVolumeTests {
    private func text(_ image: String) -> String {
        manifest(
            spec: "volumes: [{name: model, image: \(image)}]", container: "volumeMounts: [{name: model, mountPath: /m}]"
        )
    }

    @Test(
        "are pulled by the policy that is written, or that follows from the tag",
        arguments: [
            ("{reference: 'm:1'}", .ifNotPresent), ("{reference: m}", .always), ("{reference: 'm:latest'}", .always),
            ("{reference: 'm:1', pullPolicy: Never}", .never),
        ] as [(String, ImagePullPolicy)])
    func policy(image: String, policy: ImagePullPolicy) throws {
        let pod = try #require(load(text(image)).pods.first?.pod, "\(findings(in: text(image)))")

        #expect(pod.spec.volumes.first?.image?.pullPolicy == policy)
        #expect(pod.spec.neededImages(of: pod.spec.containers[0]).map(\.volume) == [nil, "model"])
    }

    @Test("need a name, and are the only kind of their volume")
    func refused() {
        #expect("\(findings(in: text("{pullPolicy: Never}")))".contains("reference"))
        #expect(
            "\(findings(in: text("{reference: m}, emptyDir: {}")))".contains("may not specify more than 1 volume type"))
    }
}
