import Manifests
import Testing

/// A refusal: one line that says what, where, why and what to do, and the documented exit code.
func expect(
    _ said: Said, exits status: Int32, saying words: [String], location: SourceLocation = #_sourceLocation
) {
    let errors = said.complaints.filter { $0.hasPrefix("error: ") }
    print("    exit \(said.status)  \(said.complaints.joined(separator: "\n            "))")
    #expect(said.status == status, "\(said)", sourceLocation: location)
    #expect(errors.count == 1, "one line begins with 'error: ': \(said)", sourceLocation: location)
    #expect(
        said.complaints.allSatisfy { $0.hasPrefix("error: ") || $0.hasPrefix("  hint: ") },
        "nothing else is said: \(said)", sourceLocation: location)
    for word in words {
        #expect(said.complaints.joined(separator: "\n").contains(word), "\(said)", sourceLocation: location)
    }
}

@Suite("A source that cannot be followed ends with exit code 3")
struct SourceRefusalTests {
    @Test("a repository, a ref or a path that is not there is named, with what is there")
    func missing() async throws {
        try await TestNode.use(images: []) { node in
            let url = "file://\(node.base)/other.git"
            expect(
                try await node.agent("reconcile", "--once", "--repo", url), exits: 3,
                saying: ["no Git repository at \(url)", "there is no such directory"])
            expect(try await node.agent("reconcile", "--once"), exits: 3, saying: ["has no commits yet; push one"])
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            expect(
                try await node.agent("reconcile", "--once", "--ref", "release"), exits: 3,
                saying: ["no ref \"release\" in \(node.repository.url)", "it has main"])
            expect(
                try await node.agent("reconcile", "--once", "--path", "site"), exits: 3,
                saying: ["no directory \"site\"", "web"])

            #expect(try await node.agent("get", "pods", "-A").output == "")
        }
    }

    @Test(
        "a host that does not answer is told, whatever the protocol",
        arguments: [
            ("https://127.0.0.1:1/site.git", "Connection refused"),
            ("ssh://git@127.0.0.1:1/site.git", "Connection refused"),
            ("https://nobody.invalid/site.git", "nobody.invalid"),
        ])
    func unreachable(url: String, reason: String) async throws {
        try await TestNode.use(images: []) { node in
            let said = try await node.agent("reconcile", "--once", "--repo", url, "--timeout", "20s")
            expect(said, exits: 3, saying: ["cannot read repository \(url)", reason, "check the URL"])
        }
    }

    @Test("a repository that goes away leaves what runs as it is")
    func goneAway() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let before = try await node.pod("nginx-pod", "blue")?.life

            let said = try await node.agent("reconcile", "--once", "--repo", "file://\(node.base)/gone.git")
            expect(said, exits: 3, saying: ["no Git repository at"])
            #expect(try await node.pod("nginx-pod", "blue")?.life == before)
        }
    }
}

@Suite("Invalid manifests end with exit code 5")
struct ManifestRefusalTests {
    @Test(
        "a mistake is shown by file, line and column",
        arguments: [
            (
                Written.nginxPod.replacing("containers:", with: "contianers:"),
                ["web/nginx-pod.yaml:8:3: unknown field \"contianers\" in Pod.spec", "did you mean \"containers\"?"]
            ),
            ("kind: Pod\nspec: [\n", ["web/nginx-pod.yaml:3:1: invalid YAML"]),
        ])
    func mistake(text: String, words: [String]) async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let before = try await node.pod("nginx-pod", "blue")?.life

            let revision = try await node.repository.push(["web/nginx-pod.yaml": text], "Make a mistake")
            expect(try await node.agent("reconcile", "--once"), exits: 5, saying: words)

            #expect(try await node.pod("nginx-pod", "blue")?.life == before, "what ran runs on")
            let history = try await node.agent("history").output
            #expect(history.contains(try Regex("(?m)^\(revision.prefix(7)) .* refused$")), "\(history)")
            #expect(history.contains(words[0]), "\(history)")
        }
    }
}

@Suite("What cannot be started ends with exit code 7")
struct StartRefusalTests {
    @Test("an image that no registry gives is named")
    func imageMissing() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")

            expect(
                try await node.agent("reconcile", "--once"), exits: 7,
                saying: ["blue/nginx-pod", "ErrImagePull", "registry-1.docker.io cannot be reached"])
            let word = try await node.row("nginx-pod", "blue").dropFirst(2).first
            #expect(["ErrImagePull", "ImagePullBackOff"].contains(word))

            let never = Written.nginxPod + "      imagePullPolicy: Never\n"
            try await node.repository.push(["web/nginx-pod.yaml": never], "Never pull")
            expect(
                try await node.agent("reconcile", "--once"), exits: 7,
                saying: ["blue/nginx-pod", "ErrImageNeverPull", "nginx:1.14"])
        }
    }

    @Test("a command that is not in the image is a StartError with exit code 128")
    func commandMissing() async throws {
        try await TestNode.use { node in
            let manifest = Written.nginxPod + "      command: [\"/no/such/program\"]\n"
            try await node.repository.push(["web/nginx-pod.yaml": manifest], "Run what is not there")

            expect(
                try await node.agent("reconcile", "--once"), exits: 7,
                saying: ["blue/nginx-pod", "StartError", "/no/such/program", "no such file or directory"])
            let pod = try #require(try await node.pod("nginx-pod", "blue"))
            let container = try #require(pod.container("nginx-container"))
            let ended = container["state"]?["terminated"] ?? container["lastState"]?["terminated"]
            #expect(ended?["reason"] == "StartError")
            #expect(ended?["exitCode"] == 128)

            let down = try await node.agent("down")
            #expect(down.output == "pod \"nginx-pod\" deleted from blue namespace\n", "it ends as others do")
        }
    }
}
