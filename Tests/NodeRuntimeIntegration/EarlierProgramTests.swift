import Foundation
import Glibc
import Linux
import NodeFixture
import Patience
import Testing

@Suite("Programs of earlier releases", .ownThreads)
struct EarlierProgramTests {
    @Test("go once no process runs from them, and not before")
    func earlier() throws {
        let node = try TestNode()
        defer { node.clean() }
        // /run may not hold programs; then they are beside the node's state.
        try node.shell(
            """
            for base in \(node.run) \(node.state); do
                for release in used unused; do
                    mkdir -p $base/bin/$release
                    cp /bin/sleep $base/bin/$release/pod-supervisor
                    cp /bin/sleep $base/bin/$release/pause
                done
            done
            """)
        let running = try spawn(executable: "\(node.run)/bin/used/pod-supervisor", arguments: ["1000"])
        let pid = running.pid
        defer { kill(pid, SIGKILL) }

        let agent = try node.agent()

        for _ in 0..<1000 * patience {
            guard FileManager.default.fileExists(atPath: "\(node.run)/bin/unused") else { break }
            usleep(10_000)
        }
        #expect(!FileManager.default.fileExists(atPath: "\(node.run)/bin/unused"))
        #expect(FileManager.default.fileExists(atPath: "\(node.run)/bin/used/pause"))
        #expect(try node.shell("ls \(node.run)/bin").split(separator: "\n").count == 2, "its own, and the one in use")
        kill(pid, SIGKILL)
        try running.reap()
        try agent.kill()
    }
}
