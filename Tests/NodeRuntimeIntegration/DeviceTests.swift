import Aftermath
import Foundation
import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("The devices of a container")
struct DeviceTests {
    private static let look = """
        ls -d /dev/null > /dev/null && echo null; busybox head -c 1 /dev/zero | busybox wc -c
        busybox mknod /dev/log c 1 11 && echo made; true > /dev/log && echo opened
        """

    @Test("it may make any node, if it has the capability, and opens none but its own by it; execs too")
    func made() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(
            running: "(\(Self.look)) > /said 2>&1; trap 'exit 0' TERM; while :; do usleep 20000; done",
            securityContext: SecurityContext(
                capabilities: Capabilities(add: [try #require(CapabilityChoice("MKNOD"))]),
                seccompProfile: SeccompSource(type: .unconfined)))
        _ = try agent.start(accepted)

        let first = try agent.exec(
            ["sh", "-c", "until grep -q made /said; do usleep 10000; done; usleep 100000; cat /said"], accepted.uid
        )
        .output
        let later = try agent.exec(["sh", "-c", "busybox rm -f /dev/log; \(Self.look)"], accepted.uid).output
        for said in [first, later] {
            #expect(said.contains("null\n1\nmade\n"), "\(said)")
            #expect(!said.contains("opened"), "\(said)")
        }
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test("a privileged container has the node's")
    func privileged() throws {
        let node = try TestNode()
        defer { node.clean() }
        // Beside the node's own, for the time of the test: one in a directory, that is somebody's.
        let own = "/dev/reconcile-\(node.id)"
        let aftermath = try Aftermath("rm -rf \"$1\"", own)
        defer { try? aftermath.settle() }
        try node.shell(
            """
            mkdir -p \(own)/deep/pts; mknod \(own)/deep/log c 1 11; chown 7:20 \(own)/deep/log; chmod 0640 \(own)/deep/log
            mknod \(own)/deep/pts/0 c 1 11; ln -s log \(own)/deep/link
            """)
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(securityContext: SecurityContext(privileged: true))
        _ = try agent.start(accepted)

        let script = """
            busybox mknod /dev/again c 1 11; true > /dev/again && echo opened
            cd \(own)/deep; busybox stat -c '%u:%g %a %t:%T %F' log; true > log && echo used; ls
            """
        let said = try agent.exec(["sh", "-c", script], accepted.uid).output
        #expect(said == "opened\n7:20 640 1:b character special file\nused\nlog\n")
        try agent.perform(.stopSandbox, accepted.uid)
    }
}
