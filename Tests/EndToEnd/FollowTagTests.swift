import Foundation
import Glibc
import Manifests
import Testing

@Suite("A tag that moves")
struct FollowTagTests {
    private static let following = "  annotations: {reconcile-agent.dev/follow-tag: \"true\"}\n"

    @Test(
        "a Pod that follows it restarts its container, another one stays; diff tells of both, and no restart is forgotten"
    )
    func moved() async throws {
        try await TestNode.use(images: []) { node in
            let registry = try await NodeRegistry(on: node)
            try await registry.push(.busybox, as: "library/busybox:1.28")
            let follower = Written.sleeper("a", seconds: 4006).replacing(
                "  name: a\n", with: "  name: a\n" + Self.following)
            try await node.repository.push(
                ["a/a.yaml": follower, "b/b.yaml": Written.sleeper("b", seconds: 4006)], "Run two")
            let variables = registry.variables.merging(["RECONCILE_AGENT_FOLLOW_TAG_INTERVAL": "500ms"]) { $1 }
            try node.startAgent(variables: variables)
            let first = try await node.running("a")
            let other = try await node.running("b")
            let image = first.container("main")?["imageID"]?.string
            let diff = ["diff", "--registries", "\(node.base)/registries.yaml"]
            #expect(try await node.agent(diff).complaints == [])

            // Another image with a shell in it.
            try await registry.push(.centos, as: "library/busybox:1.28")
            let second = try await node.running("a") { $0.restarts(of: "main") == 1 }

            #expect(second.uid == first.uid && second.address == first.address)
            #expect(second.container("main")?["imageID"]?.string != image)
            #expect(try await node.pod("b")?.life == other.life, "nobody asked for it")
            let events = try await node.agent("events").output
            #expect(events.contains("TagMoved"), "\(events)")
            #expect(events.contains("Successfully pulled image \"busybox:1.28\""), "\(events)")
            #expect(events.contains("image moved to another digest, will be restarted"), "\(events)")
            let told = try await node.agent(diff)
            #expect(told.status == 0, "\(told)")
            #expect(
                told.complaints.count == 1
                    && told.complaints[0].hasPrefix("notice: default/b: tag busybox:1.28 moved under container main"),
                "\(told)")

            // It moves back while no agent looks.
            try node.killAgent()
            try await registry.push(.busybox, as: "library/busybox:1.28")
            let unseen = try await node.agent(diff)
            #expect(
                unseen.complaints.contains { $0.hasPrefix("notice: default/a:") && $0.contains("in its registry") },
                "\(unseen)")
            try node.startAgent(variables: variables)
            let third = try await node.running("a") { $0.restarts(of: "main") == 2 }
            #expect(third.container("main")?["imageID"]?.string == image)
        }
    }

    @Test("one pass of --once sees it, has what it leads to pulled while the old one runs, and says what it restarted")
    func once() async throws {
        try await TestNode.use(images: []) { node in
            let registry = try await NodeRegistry(on: node)
            try await registry.push(.busybox, as: "library/busybox:1.28")
            let follower = Written.sleeper("a", seconds: 4007).replacing(
                "  name: a\n", with: "  name: a\n" + Self.following)
            try await node.repository.push(
                ["a/a.yaml": follower, "b/b.yaml": Written.sleeper("b", seconds: 4007)], "Run two")
            let pass = ["reconcile", "--once", "--registries", "\(node.base)/registries.yaml"]
            let begun = try await node.agent(pass)
            #expect(begun.status == 0, "\(begun)")
            let first = try await node.running("a")
            let other = try await node.running("b")

            // It leads to nothing that could be had: what runs is left alone, and the pass says so.
            try await registry.pushBroken(.centos, as: "library/busybox:1.28")
            let refused = try await node.agent(pass)
            #expect(refused.status == 7, "\(refused)")
            #expect(refused.errors.contains("error: default/a: ErrImagePull"), "\(refused)")
            #expect(try await node.pod("a")?.life == first.life)

            try await registry.mend()
            let followed = try await node.agent(pass)
            #expect(followed.status == 0, "\(followed)")
            #expect(followed.output.contains("1 restarted"), "\(followed)")
            let second = try await node.running("a") { $0.restarts(of: "main") == 1 }
            #expect(second.uid == first.uid && second.address == first.address)
            #expect(second.container("main")?["imageID"]?.string != first.container("main")?["imageID"]?.string)
            #expect(try await node.pod("b")?.life == other.life, "nobody asked for it")

            let again = try await node.agent(pass)
            #expect(again.output.contains("nothing to do"), "\(again)")
        }
    }
}
