import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("The files of /etc that are the Pod's")
struct OwnFilesTests {
    @Test(
        "a container's own lines in the hosts file end with it; under a read-only root the other files cannot be written"
    )
    func hostsFile() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(securityContext: SecurityContext(readOnlyRootFilesystem: true))
        let id = try #require(try agent.start(accepted).running("main"))
        let original = try agent.exec(["cat", "/etc/hosts"], accepted.uid).output

        let script =
            "echo 10.9.9.9 planted >> /etc/hosts; echo x >> /etc/resolv.conf; echo x > /etc/hostname"
        let said = try agent.exec(["sh", "-c", "(\(script)) 2>&1; cat /etc/hosts"], accepted.uid).output
        #expect(said.split(separator: "\n").filter { $0.contains("Read-only file system") }.count == 2, "\(said)")
        #expect(said.hasSuffix("\(original)10.9.9.9 planted\n"), "\(said)")

        try agent.perform(
            .stopContainer(name: "main", id: id, grace: .seconds(5), reason: "test"), accepted.uid)
        let exit = try #require(try agent.observe(accepted.uid)?.exit("main"))
        try agent.perform(.commitExit(exit, container: "main"), accepted.uid)
        try agent.perform(.startContainer(name: "main", attempt: 1, backoff: nil), accepted.uid)

        #expect(try agent.exec(["cat", "/etc/hosts"], accepted.uid).output == original)
        try agent.perform(.stopSandbox, accepted.uid)
    }
}
