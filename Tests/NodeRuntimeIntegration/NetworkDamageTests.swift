import Glibc
import NodeFixture
import PodModel
import Testing

@Suite("Network changed behind the agent's back", .ownThreads)
struct NetworkDamageTests {
    @Test(
        "the agent notices at once, mends it, and the Pod runs on",
        arguments: [
            "ip link delete rec0", "ip link set rec0 down", "ip address flush dev rec0",
            "for link in $(ip -br link show type veth | cut -d@ -f1); do ip link delete $link; done",
        ])
    func mended(damage: String) throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = AcceptedPod.make()
        let agent = try node.agentWithImage()
        let before = try agent.start(accepted)
        _ = try agent(.observeAll)
        let address = try #require(before.record.address)

        try node.inNetwork(damage)
        // The kernel's word becomes a sweep, and the sweep looks at all Pods.
        guard case .event(.sweep) = try agent(.nextEvent) else { throw TestNode.Problem(description: "no event") }
        _ = try agent(.observeAll)

        #expect(try agent.observe(accepted.uid) == before)
        // The kernel may have more to say about what was mended.
        var told: PodEvent?
        while told == nil, case .event(let event) = try agent(.nextEvent) {
            if case .told(let some) = event { told = some }
        }
        #expect(told?.uid == accepted.uid && told?.reason == "NetworkMended")
        try node.inNetwork("busybox ping -c 1 -W 2 \(address)")
    }

    @Test("a Pod born while the bridge is gone finds it made anew")
    func birthWithoutBridge() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        try node.inNetwork("ip link delete rec0")

        let pod = try agent.start(.make())

        #expect(pod.sandbox == .ready)
        #expect(try node.links().count == 1)
    }
}
