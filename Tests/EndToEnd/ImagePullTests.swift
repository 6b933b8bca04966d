import Glibc
import Testing

@Suite("Images that the node does not have")
struct ImagePullTests {
    @Test("nginx:1.14 comes from a mirror; one that cannot be had costs nothing that runs")
    func mirrored() async throws {
        try await TestNode.use(images: []) { node in
            let registry = try await NodeRegistry(on: node)
            try await registry.push(.nginx, as: "library/nginx:1.14")
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            try node.startAgent(variables: registry.variables)

            let first = try await node.running("nginx-pod", "blue")
            let address = try #require(first.address)
            #expect(try await node.page(at: address) != nil)
            let events = try await node.agent("events", "-n", "blue").output
            #expect(events.contains("Pulling image \"nginx:1.14\""), "\(events)")
            #expect(events.contains("Successfully pulled image \"nginx:1.14\" in "), "\(events)")

            let wrong = Written.nginxPod.replacing("nginx:1.14", with: "nginx:1.41")
            try await node.repository.push(["web/nginx-pod.yaml": wrong], "Run what is not there")
            try await node.eventually("the failure is told") {
                try await node.agent("events", "-n", "blue").output.contains("image nginx:1.41 is not in registry")
            }
            #expect(try await node.pod("nginx-pod", "blue")?.life == first.life, "what ran runs on")
            #expect(try await node.page(at: address) != nil)
            let status = try await node.agent("status").output
            #expect(status.contains("ErrImagePull"), "\(status)")

            try await registry.push(.nginx, as: "library/nginx:1.15")
            let right = Written.nginxPod.replacing("nginx:1.14", with: "nginx:1.15")
            try await node.repository.push(["web/nginx-pod.yaml": right], "Run what is there")
            try await node.running("nginx-pod", "blue") { $0.life != first.life }
        }
    }

    @Test("a Pod whose image is missing says so, and starts as soon as it is imported")
    func imported() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4003)], "Run one")
            try node.startAgent()
            try await node.eventually("the Pod waits") {
                try await node.row("a", "default").dropFirst(2).first == "ImagePullBackOff"
            }
            let archive = try await DemoImage.archives(of: [.busybox])
            #expect(try await node.agent(["image", "import"] + archive).status == 0)

            try await node.running("a")
        }
    }

    @Test("by hand: pull, show, export, prune; killed ten times, the store is sound")
    func byHand() async throws {
        try await TestNode.use(images: []) { node in
            let registry = try await NodeRegistry(on: node)
            try await registry.push(.nginx, as: "library/nginx:1.14")
            let options = ["--registries", "\(node.base)/registries.yaml"]

            for round in 0..<10 {
                let pull = try node.startInBackground(["image", "pull", "nginx:1.14"] + options)
                try await Task.sleep(for: .milliseconds(5 + round * 35))
                try pull.end(by: SIGKILL)
                if round % 5 == 4 {
                    let found = try await node.agent("image", "verify")
                    #expect(found.status == 0, "\(found)")
                }
            }
            let pulled = try await node.agent(["image", "pull", "nginx:1.14"] + options)
            #expect(pulled.output == "pulled nginx:1.14\n", "\(pulled)")
            let verified = try await node.agent("image", "verify")
            #expect(verified.output.hasPrefix("1 image is sound, "), "\(verified)")
            #expect(verified.errors == "")

            let several = try await node.agent(["image", "pull", "nginx:1.15", "nginx:1.14"] + options)
            #expect(several.status == 7 && several.output == "pulled nginx:1.14\n", "\(several)")
            #expect(
                several.errors == "error: image nginx:1.15 is not in registry 127.0.0.1:5000: check its name and tag\n")

            let shown = try await node.agent("image", "inspect", "nginx:1.14")
            #expect(shown.output.contains("\"nginx:1.14\""), "\(shown)")
            #expect(shown.output.contains("\"docker.io/library/nginx@sha256:"), "\(shown)")
            let archive = "\(node.base)/nginx.tar"
            #expect(try await node.agent("image", "export", "-o", archive, "nginx:1.14").status == 0)
            let trial = try await node.agent("image", "prune", "--dry-run")
            #expect(trial.output.hasPrefix("would delete nginx:1.14\nTotal reclaimed space: "), "\(trial)")
            #expect(try await node.agent("image", "prune").output.hasPrefix("deleted nginx:1.14\n"))
            #expect(try await node.agent("image", "import", archive).output == "imported nginx:1.14\n")
            let absent = try await node.agent("image", "inspect", "nginx:1.15")
            #expect(absent.status == 1)
            #expect(absent.errors.hasPrefix("error: no image nginx:1.15 on this node\n"))
        }
    }

    @Test("a private image is pulled with the Secret that its Pod names, and not without")
    func privately() async throws {
        try await TestNode.use(images: []) { node in
            let registry = try await NodeRegistry(on: node, password: "s3cret")
            try await registry.push(.busybox, as: "library/busybox:1.28")
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4004)], "Run one")
            try node.startAgent(variables: registry.variables)
            try await node.eventually("the refusal is told") {
                try await node.agent("events").output.contains("127.0.0.1:5000 wants credentials")
            }

            let named = Written.sleeper("a", seconds: 4004).replacing(
                "spec:\n", with: "spec:\n  imagePullSecrets: [{name: registry}]\n")
            let secret = """
                apiVersion: v1
                kind: Secret
                metadata: {name: registry}
                type: kubernetes.io/dockerconfigjson
                stringData:
                  .dockerconfigjson: '{"auths": {"127.0.0.1:5000": {"username": "tester", "password": "s3cret"}}}'

                """
            try await node.repository.push(["a/a.yaml": named, "a/secret.yaml": secret], "Say who asks")

            try await node.running("a")
        }
    }
}
