import Foundation
import Testing

@Suite("Images that cannot be had")
struct BadImageTests {
    /// By image: what its Pod's events say.
    private static let causes = [
        "down.example.org/app:1": "registry 127.0.0.1:1 cannot be reached: Connection refused",
        "unknown:1": "image unknown:1 is not in registry 127.0.0.1:5000: check its name and tag",
        "private:1": "registry 127.0.0.1:5000 wants credentials for private:1, and there are none",
        "platform:1": "image platform:1 is made for linux/s390x, and this node is linux/",
        "neither:1": "image neither:1 is not understood: its manifest sha256:",
        "digest:1": "image digest:1 is damaged on its way: blob sha256:",
        "limits:1": "has 1099511627776 bytes; 68719476736 are the limit",
        "hostile:1": "the entry \"../evil\" leads out by \"..\"",
    ]

    @Test("each Pod waits in the kubelet's words, events and history say the cause, and the disk is as before")
    func causes() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let registry = try await WickedRegistry(on: node)
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4008)], "Run what is there")
            try node.startAgent(variables: registry.variables)
            let running = try await node.running("a")
            let before = try await node.storedImages()
            let pods = Self.causes.keys.sorted().enumerated().map { ("bad-\($0)", $1) }
            for (pod, image) in pods {
                let manifest = Written.sleeper(pod, seconds: 4008).replacing("busybox:1.28", with: image)
                try await node.repository.push(["\(pod)/pod.yaml": manifest], "Run \(image)")
            }

            for (pod, image) in pods {
                let cause = try #require(Self.causes[image])
                try await node.eventually("\(image): \(cause)") {
                    try await node.agent("events").output.contains(cause)
                }
                try await node.eventually("\(pod) waits for \(image)") {
                    let status = try await node.row(pod, "default").dropFirst(2).first
                    return status == "ErrImagePull" || status == "ImagePullBackOff"
                }
                let described = try await node.agent("describe", "pod", pod).output
                #expect(described.contains(cause), "\(described)")
                let history = try await node.agent("why", pod).output
                #expect(history.contains("ErrImagePull"), "\(history)")
            }
            try await node.eventually("nothing of them is kept") { try await node.storedImages() == before }
            #expect(try await node.agent("image", "verify").errors == "")
            #expect(try await node.pod("a")?.life == running.life, "what runs is left alone")
        }
    }

    @Test("a disk that is full in the middle: the pull says so, what runs goes on, and there is as much room as before")
    func full() async throws {
        try await TestNode.use(images: []) { node in
            let state = "\(node.base)/state"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            #expect(
                try await node.run("mount", ["-t", "tmpfs", "-o", "size=96m,mode=0700", "tmpfs", state]).status == 0)
            let archives = try await DemoImage.archives(of: [.busybox])
            #expect(try await node.agent(["image", "import"] + archives).status == 0)
            let registry = try await WickedRegistry(on: node, layerSize: 128 << 20)
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4009)], "Run what is there")
            try node.startAgent(variables: registry.variables)
            let running = try await node.running("a")
            let before = try await node.storedImages()

            let manifest = Written.sleeper("b", seconds: 4009).replacing("busybox:1.28", with: "huge:1")
            try await node.repository.push(["b/b.yaml": manifest], "Run what does not fit")
            try await node.eventually("the failure is told") {
                try await node.agent("events").output.contains("No space left on device")
            }
            let status = try await node.row("b", "default").dropFirst(2).first
            #expect(status == "ErrImagePull" || status == "ImagePullBackOff")
            try await node.eventually("nothing of it is kept") { try await node.storedImages() == before }
            #expect(try await node.pod("a")?.life == running.life, "what runs is left alone")

            try await node.repository.push(["b/b.yaml": Written.sleeper("b", seconds: 4009)], "Run what fits")
            try await node.running("b")
            try node.killAgent()
            #expect(try await node.agent("down").status == 0, "while its state can still be seen")
            #expect(try await node.run("umount", [state]).status == 0)
        }
    }
}

extension TestNode {
    /// The names of all that is in the image store.
    fileprivate func storedImages() async throws -> String {
        try await run(
            "/bin/sh", ["-euc", "cd \(base)/state/images; find . -path './layers/*/*' -prune -o -print | sort"]
        )
        .output
    }
}
