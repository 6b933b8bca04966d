import Foundation
import Glibc
import PodFixture
import Testing

@Suite("A machine that is not as it must be ends with exit code 2")
struct MachineRefusalTests {
    @Test(
        "a user who is not root is told so by every verb that needs it",
        arguments: [
            ["reconcile", "--once"], ["down"], ["get", "pods"], ["exec", "web", "--", "true"], ["logs", "web"],
            ["history"], ["image", "list"], ["image", "import", "image.tar"],
        ])
    func notRoot(arguments: [String]) async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]

            let said = try await node.run(
                "/usr/bin/setpriv", nobody + [PodFixture.product("reconcile-agent")] + arguments)

            expect(said, exits: 2, saying: ["must run as root", "sudo reconcile-agent"])
        }
    }

    @Test("a second agent with the same state directory is refused with the first one's process number")
    func secondAgent() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")
            let first = try node.startAgent()
            try await node.eventually("the first agent works") {
                try await node.agent("history").output.contains("Begin")
            }

            for verb in [["reconcile", "--once"], ["reconcile"], ["down"]] {
                expect(try await node.agent(verb), exits: 2, saying: ["process \(first)", "\(node.base)/state"])
            }
        }
    }

    @Test("a link of the bridge's name that is not ours is left alone, and nothing is made beside it")
    func foreignBridge() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            #expect(try await node.run("ip", ["link", "add", node.bridge, "type", "bridge"]).status == 0)
            let before = try await node.run("ip", ["-d", "link", "show", node.bridge]).output

            let said = try await node.agent("reconcile", "--once")

            expect(said, exits: 2, saying: ["link \(node.bridge) exists and is not ours", "--bridge"])
            #expect(try await node.run("ip", ["-d", "link", "show", node.bridge]).output == before)
            #expect(try await node.remains().filter { !$0.contains("link ") } == [])
            #expect(try await node.run("ip", ["link", "delete", node.bridge]).status == 0)
        }
    }

    @Test("a cgroup of the parent's name that is not ours is left alone, and nothing is made beside it")
    func foreignCgroup() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            let root = FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory") ? "/memory" : ""
            let foreign = "/sys/fs/cgroup\(root)/\(node.cgroupParent)"
            try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: false)

            let said = try await node.agent("reconcile", "--once")

            expect(said, exits: 2, saying: [foreign, "not ours", "--cgroup-parent"])
            #expect(try await node.remains() == ["cgroup \(foreign)"])
            rmdir(foreign)
        }
    }

    @Test(
        "a setting that cannot be is refused, and not kept: the next command does not hear of it",
        arguments: [
            (["--pod-cidr", "10.88.0.1/16"], "10.88.0.1/16"), (["--pod-cidr", "10.88.0.0/31"], "10.88.0.0/31"),
            (["--bridge", "a-name-that-is-too-long"], "a-name-that-is-too-long"),
            (["--cgroup-parent", "../escape"], "../escape"),
        ])
    func badSetting(options: [String], word: String) async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")

            expect(try await node.agent(["reconcile", "--once"] + options), exits: 2, saying: [word, options[0]])

            #expect(try await node.remains() == [])
            #expect(try await node.agent("reconcile", "--once").status == 0)
        }
    }

    @Test("a policy that cannot be read starts no agent, and keeps nothing from ending")
    func garbledPolicy() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")
            let policy = "\(node.base)/policy.yaml"
            try "rules: []\n".write(toFile: policy, atomically: true, encoding: .utf8)
            #expect(try await node.agent("reconcile", "--once", "--policy", policy).status == 0)
            try "rules: [\n".write(toFile: policy, atomically: true, encoding: .utf8)

            expect(try await node.agent("reconcile", "--once"), exits: 2, saying: [policy])
            #expect(try await node.agent("down").status == 0)
        }
    }
}
