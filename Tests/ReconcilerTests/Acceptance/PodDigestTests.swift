import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("Digests") struct PodDigestTests {
    @Test("only what needs a new Pod is covered")
    func coverage() {
        let plain = PodDigest.digest(ofWritten: Pod.make("a").encoded)

        #expect(PodDigest.digest(ofWritten: Pod.make("a", labels: ["x": "y"]).encoded) == plain)
        #expect(PodDigest.digest(ofWritten: Pod.make("a", image: "nginx:2").encoded) == plain)
        #expect(PodDigest.digest(ofWritten: Pod.make("a", grace: 5).encoded) != plain)
        #expect(PodDigest.digest(ofWritten: Pod.make("a", ["web", "side"]).encoded) != plain)
    }

    @Test("the digest of a known manifest never changes between releases")
    func golden() {
        let written: JSONValue = ["spec": ["containers": [["name": "web", "image": "nginx:1.14"]]]]

        #expect(
            PodDigest.digest(ofWritten: written).text
                == "sha256:dbbd0751d38a255abbabd0efa040a207e0f3058ef923d93669c05fb013abc3f1")
    }

    @Test("a change is named by its deepest field")
    func fieldChanges() {
        let old = Pod.make("a", ["x", "y"]).encoded
        let new = Pod.make("a", ["x", "y"], image: "nginx:2", grace: 5).encoded

        let changes = FieldChanges(from: old, to: new)

        #expect(
            changes.sentence
                == "spec.containers[x].image, spec.containers[y].image, spec.terminationGracePeriodSeconds changed")
        #expect(changes.impact == .recreate)
    }

    @Test(
        "what differs about an instance's definition decides what is done to it",
        arguments: [
            (
                [
                    "name": "web", "image": "nginx:1.14", "imagePullPolicy": "IfNotPresent",
                    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                ], nil
            ),
            (
                [
                    "name": "web", "image": "nginx:1.13", "imagePullPolicy": "IfNotPresent",
                    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                ], .restartContainer
            ),
            (
                [
                    "name": "web", "image": "nginx:1.14", "imagePullPolicy": "IfNotPresent",
                    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                    "resources": ["limits": ["cpu": "1"]],
                ], .inPlace
            ),
            (["name": "web", "image": "nginx:1.14", "args": ["-x"]], .recreate), (nil, nil),
        ] as [(JSONValue?, FieldImpact?)])
    func pendingImpact(definition: JSONValue?, impact: FieldImpact?) {
        var record = PodRecord(accepted: .make(.make("a")), bootID: firstBoot)
        record.containers["web"] = ContainerRecord(id: ContainerID("c"), definition: definition)

        #expect(record.pendingImpact(on: "web") == impact)
    }
}
