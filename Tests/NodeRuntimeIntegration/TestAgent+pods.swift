import Foundation
import Glibc
import NodeFixture
import Patience
import PodModel
import Testing

extension TestNode {
    /// An agent, and the image `busybox:test`.
    ///
    /// - Parameter user: whom the image says its containers run as.
    func agentWithImage(
        silence: Double = 60, subnet: String = "10.88.0.0/24", user: String = ""
    ) throws -> TestAgent {
        let agent = try agent(silence: silence, subnet: subnet)
        if case .failed(let reason, let message) = agent.greeting {
            throw Problem(description: "\(reason) \(message)")
        }
        try agent.ask(.importImage(try busyboxArchive(user: user)))
        return agent
    }

    /// Changes a Pod's record behind the back of an agent that does not run, as another release would.
    func edit(_ uid: PodUID, _ body: (inout PodRecord) -> Void) throws {
        let file = URL(fileURLWithPath: "\(state)/pods/\(uid)/record")
        let fresh = "\(run)/records/\(uid)"
        let newest = FileManager.default.fileExists(atPath: fresh) ? URL(fileURLWithPath: fresh) : file
        var record = try JSONDecoder().decode(PodRecord.self, from: Data(contentsOf: newest))
        body(&record)
        record.writes = nil
        try JSONEncoder().encode(record).write(to: file)
    }

    /// Ends every process of the node's but the agent's, and removes its cgroups, as switching the machine off would.
    func endEverything() throws {
        try shell(
            """
            for switch in $(find /sys/fs/cgroup -path '*\(parent)*' -name cgroup.kill); do echo 1 > $switch; done
            for try in $(seq 100); do
                find /sys/fs/cgroup -depth -type d -path '*\(parent)*' -exec rmdir {} + 2>/dev/null && break
                sleep 0.05
            done
            """)
    }

    /// A file's text once it is as wanted, or as it is after five seconds.
    func text(of path: String, until isWanted: (String) -> Bool) throws -> String {
        for _ in 0..<500 * patience {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            if isWanted(text) { return text }
            usleep(10_000)
        }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// The kernel takes links with their namespace a little later.
    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for _ in 0..<100 * patience {
            if try leftovers().isEmpty { return }
            usleep(20_000)
        }
        #expect(try leftovers() == [], sourceLocation: sourceLocation)
    }
}

extension TestAgent {
    /// Registers a Pod, makes its sandbox and starts its container.
    func start(_ accepted: AcceptedPod) throws -> ObservedPod {
        try ask(.register([accepted]))
        try perform(.createSandbox(attempt: 0), accepted.uid)
        try perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
        return try #require(try observe(accepted.uid))
    }

    /// Runs a program in the Pod's container.
    func exec(_ command: [String], _ uid: PodUID) throws -> (code: Int32, output: String) {
        switch try self(.exec(command, container: "main", uid)) {
        case .exec(let code, let output): return (code, output)
        case let other: throw TestNode.Problem(description: "exec was answered by \(other)")
        }
    }
}

extension ObservedPod {
    /// The instance that runs; nil when none does.
    func running(_ name: String) -> ContainerID? {
        if case .running(let id, _) = containers[name] { id } else { nil }
    }

    /// How the newest instance ended; nil when it did not, or is committed and forgotten.
    func exit(_ name: String) -> ContainerExit? {
        if case .exited(let exit) = containers[name] { exit } else { nil }
    }
}
