import Foundation
import Glibc
import Linux
import Testing

@Suite("An agent that a service manager started tells how it is") struct ServiceTests {
    @Test("ready with the first plan, alive as often as asked for, stopping when told to stop")
    func told() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            let manager = try ManagerSocket("\(node.base)/notify")

            let process = try node.startAgent(variables: [
                "NOTIFY_SOCKET": "\(node.base)/notify", "WATCHDOG_USEC": "2000000",
            ])

            var told: [String] = []
            try await node.eventually("the agent is ready and alive") {
                told += manager.all()
                return told.contains { $0.hasPrefix("READY=1\nSTATUS=") } && told.count { $0 == "WATCHDOG=1" } > 2
            }
            try await node.running("nginx-pod", "blue")

            kill(process, SIGTERM)
            try await node.eventually("the agent is stopping") {
                told += manager.all()
                return told.contains("STOPPING=1")
            }
        }
    }
}

@Suite("What happens to a Pod can be looked at") struct LookingTests {
    @Test("events, describe, status and why tell of a Pod that runs, was killed, and is gone")
    func lifeOfAPod() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            try node.startAgent()
            let pod = try await node.running("nginx-pod", "blue")

            try await node.eventually("its events are written") {
                try await node.agent("events", "-n", "blue", "--for", "pod/nginx-pod").output.contains("Started")
            }
            let events = try await node.agent("events", "-n", "blue").rows
            #expect(events.first == ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"])
            #expect(events.dropFirst().map { $0[2] } == ["Scheduled", "Pulled", "Created", "Started"])
            #expect(try await node.agent("events").errors == "No events found in default namespace.\n")

            let page = try await node.agent("describe", "pod", "nginx-pod", "-n", "blue").output
            for line in [
                "Name:             nginx-pod\n", "Status:           Running\n", "    Image:          nginx:1.14\n",
                "    State:          Running\n", "Normal  Started",
                "spec.containers{nginx-container}: Container started",
            ] {
                #expect(page.contains(line), "\(line) is not in \(page)")
            }

            let status = try await node.agent("status")
            #expect(status.status == 0, "\(status)")
            for words in ["Node          node-1\n", node.repository.url, "Run a web server\n", "1: 1 Running\n"] {
                #expect(status.output.contains(words), "\(words) is not in \(status)")
            }
            let why = try await node.agent("why", "nginx-pod", "-n", "blue").output
            #expect(why.hasPrefix("blue/nginx-pod is Running, 0 restarts"), "\(why)")
            #expect(why.contains("create"), "\(why)")
            #expect(why.contains("Run a web server"), "\(why)")

            try node.processes(named: "nginx").first { $0.isFirstOfContainer }?.kill()
            try await node.running("nginx-pod", "blue") { $0.restarts(of: "nginx-container") == 1 }
            try await node.eventually("the second start is counted") {
                try await node.agent("events", "-n", "blue").output.contains(/\(x2 over .*Normal +Started/)
            }
            try node.killAgent()
            let unsupervised = try await node.agent("status")
            #expect(unsupervised.status == 1)
            #expect(unsupervised.output.contains("no agent is running"), "\(unsupervised)")
            #expect(pod.uid != nil)
        }
    }
}

/// The manager's end of the conversation.
private struct ManagerSocket: ~Copyable {
    private let descriptor: Descriptor

    init(_ path: String) throws {
        let descriptor = Descriptor(
            owning: try retrying("socket") { socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let raw = descriptor.raw
        try retrying("bind", path) {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        self.descriptor = descriptor
    }

    /// The datagrams that are there.
    borrowing func all() -> [String] {
        var datagrams: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor.raw, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count >= 0 {
            datagrams.append(String(decoding: buffer.prefix(count), as: UTF8.self))
        }
        return datagrams
    }
}
