import Foundation
import Manifests
import Testing

@Suite("Images that are not trusted")
struct TrustTests {
    private static let sign = URL(filePath: #filePath).appending(path: "../../Support/sign-image.sh")
        .standardizedFileURL
        .path(percentEncoded: false)

    @Test("a Pod waits until its image is signed, also for one that is on the node; the refusal names the rule")
    func signatures() async throws {
        try await TestNode.use(images: []) { node in
            let registry = try await NodeRegistry(on: node)
            try await registry.push(.busybox, as: "library/busybox:1.28")
            let keys = try await node.run(
                "/bin/sh",
                [
                    "-euc",
                    "cd \(node.base) && openssl ecparam -name prime256v1 -genkey -noout -out key "
                        + "&& openssl ec -in key -pubout -out key.pub 2>/dev/null",
                ])
            #expect(keys.status == 0, "\(keys)")
            try """
            rules:
              - prefix: "*"
                policy: digest
              - prefix: docker.io/library/busybox
                policy: signature
                keys: [\(node.base)/key.pub]

            """.write(toFile: "\(node.base)/trust.yaml", atomically: true, encoding: .utf8)
            try await node.repository.push(
                ["a/a.yaml": Written.sleeper("a", seconds: 4005), "b/nginx-pod.yaml": Written.nginxPod], "Run two")
            try node.startAgent(
                variables: registry.variables.merging(["RECONCILE_AGENT_TRUST": "\(node.base)/trust.yaml"]) { $1 })

            try await node.eventually("the refusals are told") {
                let events = try await node.agent("events", "-A").output
                return events.contains("signature validation failed: image busybox:1.28 is not trusted")
                    && events.contains("image nginx:1.14 is not trusted: its name must say its digest")
            }
            let shown = try #require(try await node.pod("a"))
            let waiting = shown.container("main")?["state"]?["waiting"]
            let words = waiting?["message"]?.string ?? ""
            #expect(
                ["SignatureValidationFailed", "ImagePullBackOff"].contains(waiting?["reason"]?.string ?? ""), "\(words)"
            )
            #expect(words.contains("The rule for docker.io/library/busybox in \(node.base)/trust.yaml:4"), "\(words)")

            // What somebody brings to the node is nothing that the key vouches for.
            #expect(
                try await node.agent(["image", "import"] + DemoImage.archives(of: [.busybox])).status == 0)
            #expect(try await node.agent("sync", "--pod", "a").status == 0)
            // Long enough to start, were it to.
            try await Task.sleep(for: .seconds(2))
            #expect(try await node.row("a").dropFirst().first == "0/1")

            let digest = try await node.run(
                "/usr/bin/skopeo",
                [
                    "inspect", "--tls-verify=false", "--format", "{{.Digest}}",
                    "docker://127.0.0.1:5000/library/busybox:1.28",
                ]
            ).output.trimmingCharacters(in: .whitespacesAndNewlines)
            let signed = try await node.run(
                Self.sign,
                ["127.0.0.1:5000", "library/busybox", digest, "\(node.base)/key", "docker.io/library/busybox"])
            #expect(signed.status == 0, "\(signed)")
            #expect(try await node.agent("sync", "--pod", "a").status == 0)

            try await node.running("a")
            #expect(try await node.row("nginx-pod", "blue").dropFirst().first == "0/1", "its name says no digest")
        }
    }

    @Test(
        "a file that cannot be taken at its word stops the agent before it begins",
        arguments: [
            (
                "rules: [{prefix: docker.io, policy: signature, keys: [/nonexistent.pub]}]",
                "/nonexistent.pub cannot be used"
            ),
            ("rules: [{prefix: docker.io, policy: signature, keys: [/etc/hostname]}]", "no public key for ECDSA"),
            ("rules: [{prefix: nginx, policy: reject}]", "must begin with a registry"),
        ])
    func unusable(text: String, words: String) async throws {
        try await TestNode.use(images: []) { node in
            let file = "\(node.base)/trust.yaml"
            try text.write(toFile: file, atomically: true, encoding: .utf8)

            let said = try await node.agent("reconcile", "--once", "--trust", file)

            #expect(said.status == 2, "\(said)")
            #expect(said.errors.contains(words) && said.errors.contains("trust.yaml:1"), "\(said)")
        }
    }
}
