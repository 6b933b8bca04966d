import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Digests") struct PodDigestTests {
    @Test("labels and annotations are not covered, the spec is")
    func coverage() {
        let plain = PodDigest.digest(ofWritten: Pod.make("a").encoded)

        #expect(PodDigest.digest(ofWritten: Pod.make("a", labels: ["x": "y"]).encoded) == plain)
        #expect(PodDigest.digest(ofWritten: Pod.make("a", image: "nginx:2").encoded) != plain)
        #expect(PodDigest.digest(ofWritten: Pod.make("a", grace: 5).encoded) != plain)
    }

    @Test("the digest of a known manifest never changes between releases")
    func golden() {
        let written: JSONValue = ["spec": ["containers": [["name": "web", "image": "nginx:1.14"]]]]

        #expect(
            PodDigest.digest(ofWritten: written).text
                == "sha256:76627805d5fa0d434abdfd439b25ce4aa52f2d982fa33a3965e15d8cee8dcbad")
    }

    @Test("a change is named by its deepest field")
    func fieldChanges() {
        let old = Pod.make("a", ["x", "y"]).encoded
        let new = Pod.make("a", ["x", "y"], image: "nginx:2", grace: 5).encoded

        #expect(
            FieldChanges.sentence(from: old, to: new)
                == "spec.containers[0].image, spec.containers[1].image, spec.terminationGracePeriodSeconds changed")
    }
}
