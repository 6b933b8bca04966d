import Foundation
import Glibc
import Manifests
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("Ports of the node that lead to Pods", .ownThreads)
struct HostPortTests {
    private static let hasNFT = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nft")

    /// A Pod that answers at a port of the node with its name.
    private func make(_ name: String = "web", _ port: Int, at address: String? = nil) -> AcceptedPod {
        let base = AcceptedPod.make(
            name, running: "echo \(name) > /tmp/name; trap 'exit 0' TERM; busybox httpd -f -p 80 -h /tmp & wait")
        var pod = base.pod
        pod.spec.containers[0].ports = [ContainerPort(containerPort: 80, hostPort: port, hostIP: address)]
        return AcceptedPod(
            uid: base.uid, pod: pod, digest: base.digest, written: pod.encoded, application: base.application,
            createdAt: base.createdAt, file: base.file)
    }

    /// What the node hears at an address and port of its own; `refused` when nobody is there.
    private func answer(_ node: TestNode, _ port: Int, at address: String = "10.88.0.1") throws -> String {
        try node.inNetwork(
            "curl --silent --max-time 2 http://\(address):\(port)/name || { [ $? -eq 7 ] && echo refused || echo lost; }"
        )
        .split(separator: "\n").first.map(String.init) ?? ""
    }

    /// Whether the node hears a name at a port within a while: a server that was just started may not listen yet.
    private func becomes(_ name: String, _ node: TestNode, _ port: Int, at address: String = "10.88.0.1") throws -> Bool
    {
        for _ in 0..<100 * patience {
            if try answer(node, port, at: address) == name { return true }
            usleep(50_000)
        }
        return false
    }

    @Test("lead there as long as the Pod lives, whether or not an agent does, and to nobody afterwards")
    func life() throws {
        let node = try TestNode()
        defer { node.clean() }
        try node.inNetwork("ip link set lo up")
        let agent = try node.agentWithImage()
        let (first, second) = (make("web", 8080), make("local", 81, at: "127.0.0.1"))
        _ = try agent.start(first)
        _ = try agent.start(second)

        #expect(try becomes("web", node, 8080))
        #expect(try becomes("web", node, 8080, at: "127.0.0.1"))
        #expect(try becomes("local", node, 81, at: "127.0.0.1"))
        #expect(try answer(node, 81) == "refused")
        try agent.kill()
        #expect(try answer(node, 8080) == "web")
        let next = try node.agent()
        #expect(try answer(node, 8080) == "web")
        #expect(try answer(node, 81, at: "127.0.0.1") == "local")

        try next.perform(.stopSandbox, first.uid)
        #expect(try answer(node, 8080) == "refused")
        #expect(try answer(node, 81, at: "127.0.0.1") == "local")
        let successor = make("new", 8080)
        _ = try next.start(successor)
        #expect(try becomes("new", node, 8080))
    }

    @Test("a filter that others flush is written anew at once", .enabled(if: hasNFT, "needs nft"))
    func flushed() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make("web", 8080)
        _ = try agent.start(accepted)
        _ = try agent(.observeAll)
        #expect(try becomes("web", node, 8080))

        try node.inNetwork("nft flush ruleset")
        guard case .event(.sweep) = try agent(.nextEvent) else { throw TestNode.Problem(description: "no event") }
        _ = try agent(.observeAll)

        #expect(try answer(node, 8080) == "web")
        var told: PodEvent?
        while told == nil, case .event(let event) = try agent(.nextEvent) {
            if case .told(let some) = event { told = some }
        }
        #expect(told?.uid == accepted.uid && told?.reason == "NetworkMended")
        #expect(told?.message == "the node's packet filter was changed by others and was written anew")
    }

    @Test("a bridge that was made anew lets the node's loopback reach Pods again")
    func bridge() throws {
        let node = try TestNode()
        defer { node.clean() }
        try node.inNetwork("ip link set lo up")
        let agent = try node.agentWithImage()
        _ = try agent.start(make("web", 8080))
        _ = try agent(.observeAll)

        try node.inNetwork("ip link delete rec0")
        guard case .event(.sweep) = try agent(.nextEvent) else { throw TestNode.Problem(description: "no event") }
        _ = try agent(.observeAll)

        #expect(try becomes("web", node, 8080, at: "127.0.0.1"))
    }

    @Test("a port that a program of the node waits at is not taken from it: the Pod waits, and says why")
    func inUse() throws {
        let node = try TestNode()
        defer { node.clean() }
        try node.inNetwork("ip link set lo up")
        let agent = try node.agentWithImage()
        try node.shell("echo program > name")
        let program = try node.shell(
            "nsenter --net=/run/netns/\(node.namespace) busybox httpd -f -p 8080 -h . >/dev/null 2>&1 & echo $!")
        defer { Glibc.kill(pid_t(program.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0, SIGKILL) }
        #expect(try becomes("program", node, 8080, at: "127.0.0.1"))
        let accepted = make("web", 8080)

        let failure = #expect(throws: ActionFailure.self) { _ = try agent.start(accepted) }

        #expect(failure?.reason == "FailedCreatePodSandBox")
        #expect(
            failure?.message
                == "hostPort 8080/TCP is in use: a program of the node listens at port 8080; end it, or choose another "
                + "hostPort")
        #expect(try answer(node, 8080, at: "127.0.0.1") == "program")
        #expect(try node.links().isEmpty)
    }
}
