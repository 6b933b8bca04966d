import Foundation
import Glibc
import Linux
import NodeFixture
import Patience
import PodModel
import Testing

/// How many Pods are born: a few hundred by default, as many as RECONCILE_BIRTHS says else (`make births`: 1,000).
private let births = ProcessInfo.processInfo.environment["RECONCILE_BIRTHS"].flatMap { Int($0) } ?? 200

/// How many are born side by side; two generations nearly fill the network, so that a lost address is soon missed.
private let together = 25

@Suite("Addresses under kill -9", .ownThreads)
struct AddressLeakTests {
    @Test("births and ends cut off by kill -9 at any instant: no address twice, none lost, no link left")
    func killedAgents() throws {
        let node = try TestNode()
        defer { node.clean() }
        try node.agentWithImage(subnet: subnet).kill()

        for round in 0..<(births + together - 1) / together {
            let pods = (0..<together).map { AcceptedPod.make("r\(round)-\($0)") }
            let uids = pods.map(\.uid)

            try node.killedAgent(after: 0...250) { agent in
                try agent.ask(.register(pods))
                try agent.ask(.performTogether([.createSandbox(attempt: 0)], uids))
            }
            try node.agentThatEnds { agent in
                // What the first agent did not come to know is known to be new to this one.
                try agent.ask(.register(pods))
                try agent.ask(.performTogether([.createSandbox(attempt: 0)], uids))
                try node.expectOneAddressEach(pods: try agent.pods())
            }
            try node.killedAgent(after: 0...150) { agent in
                try agent.ask(.performTogether([.stopSandbox, .remove], uids))
            }
            try node.agentThatEnds { agent in
                let left = try agent.pods().map(\.record.uid)
                try agent.ask(.performTogether([.stopSandbox, .remove], left))
                #expect(try agent.pods().isEmpty)
            }
        }

        try node.expectNoLinks()
    }
}

/// 61 addresses.
private let subnet = "10.88.0.0/26"

extension TestNode {
    /// Has an agent do something, and kills it at a random instant.
    ///
    /// - Parameter milliseconds: from when on until when.
    fileprivate func killedAgent(after milliseconds: ClosedRange<UInt32>, _ body: (TestAgent) throws -> Void) throws {
        let agent = try agent(subnet: subnet)
        let (pid, delay) = (agent.pid, UInt32.random(in: milliseconds))
        try startThread {
            usleep(delay * 1000)
            Glibc.kill(pid, SIGKILL)
        }
        // Cut off is what it is meant to be.
        do { try body(agent) } catch {}
        try agent.kill()
    }

    /// Has an agent do something, whole.
    fileprivate func agentThatEnds(_ body: (TestAgent) throws -> Void) throws {
        let agent = try agent(subnet: subnet)
        try body(agent)
        try agent.kill()
    }

    /// Each Pod has an address that no other Pod has, by its record and by its one link.
    fileprivate func expectOneAddressEach(pods: [ObservedPod]) throws {
        let addresses = pods.compactMap(\.record.address)
        #expect(addresses.count == together)
        #expect(Set(addresses).count == together)
        let linked = try linkAddresses()
        for pod in pods {
            #expect(linked[pod.record.uid.text] == pod.record.address.map { [$0] }, "Pod \(pod.record.uid)")
        }
        let shared = Dictionary(grouping: linked.values.joined()) { $0 }.filter { $0.value.count > 1 }
        #expect(shared.isEmpty, "links share an address")
    }

    /// By Pod, the addresses that links on the node are marked with.
    private func linkAddresses() throws -> [String: [String]] {
        try inNetwork("ip -o link show type veth").matches(of: /alias reconcile-agent:[^:]*:([^:]*):(\S+)/)
            .reduce(into: [:]) { $0[String($1.output.2), default: []].append(String($1.output.1)) }
    }

    /// The kernel takes the last links a little after their namespaces.
    fileprivate func expectNoLinks() throws {
        for _ in 0..<1000 * patience {
            guard try !links().isEmpty else { break }
            usleep(20_000)
        }
        #expect(try links() == [])
    }
}

extension TestAgent {
    fileprivate func pods() throws -> [ObservedPod] {
        guard case .pods(let pods) = try self(.observeAll) else { return [] }
        return pods
    }
}
