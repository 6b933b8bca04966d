import Foundation
import Manifests
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("What a manifest says of users, powers and system calls, in the container and in its execs", .ownThreads)
struct SecurityContextTests {
    private static let script = "trap 'exit 0' TERM; while :; do usleep 20000; done"

    /// What /proc says of the container's first process, and of a process that exec brings.
    private func status(
        _ agent: TestAgent, _ uid: PodUID, _ field: String
    ) throws -> (started: String, executed: String) {
        func value(of process: String) throws -> String {
            let output = try agent.exec(["grep", "^\(field):", "/proc/\(process)/status"], uid).output
            return output.split(separator: ":").last.map {
                $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
                ?? ""
        }
        return (try value(of: "1"), try value(of: "self"))
    }

    private func expect(
        _ agent: TestAgent, _ uid: PodUID, _ field: String, _ wanted: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let status = try status(agent, uid, field)
        #expect(status.started == wanted, sourceLocation: sourceLocation)
        #expect(status.executed == wanted, sourceLocation: sourceLocation)
    }

    @Test("system calls are filtered unless the manifest wants none of it")
    func seccomp() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        for (name, source, mode) in [
            ("silent", nil, "2"), ("default", SeccompSource(type: .runtimeDefault), "2"),
            ("free", SeccompSource(type: .unconfined), "0"),
        ] {
            let accepted = AcceptedPod.make(
                name, running: Self.script, securityContext: SecurityContext(seccompProfile: source))
            _ = try agent.start(accepted)
            try expect(agent, accepted.uid, "Seccomp", mode)
        }
    }

    @Test("a profile of the node's own is read from its directory; one that is not there is told by its path")
    func localProfile() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let source = SeccompSource(type: .localhost, localhostProfile: "audit/quiet.json")
        let accepted = AcceptedPod.make(running: Self.script, securityContext: SecurityContext(seccompProfile: source))
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)

        let failure = #expect(throws: ActionFailure.self) {
            try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
        }
        #expect(failure?.reason == "CreateContainerError")
        #expect(failure?.message.contains("\(node.state)/seccomp/audit/quiet.json") == true)

        try node.shell(
            """
            mkdir -p state/seccomp/audit
            printf '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], \
            "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}' > state/seccomp/audit/quiet.json
            """)
        try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
        try expect(agent, accepted.uid, "Seccomp", "2")
        let (code, output) = try agent.exec(["busybox", "mkdir", "/tmp/new"], accepted.uid)
        #expect(code != 0)
        #expect(output.contains("Function not implemented"), "\(output)")
    }

    @Test("user, group and further groups are the manifest's")
    func users() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        var accepted = AcceptedPod.make(running: Self.script, securityContext: SecurityContext(runAsUser: 1000))
        accepted = accepted.with(PodSecurityContext(runAsUser: 7, runAsGroup: 3000, supplementalGroups: [4000, 5000]))
        _ = try agent.start(accepted)

        try expect(agent, accepted.uid, "Uid", "1000 1000 1000 1000")
        try expect(agent, accepted.uid, "Gid", "3000 3000 3000 3000")
        try expect(agent, accepted.uid, "Groups", "4000 5000")
        try expect(agent, accepted.uid, "CapEff", "0000000000000000")
    }

    @Test("who must not run as root is not started, and starts once the manifest names another user")
    func nonRoot() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(running: Self.script, securityContext: SecurityContext(runAsNonRoot: true))
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)

        let failure = #expect(throws: ActionFailure.self) {
            try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
        }
        #expect(failure?.reason == "CreateContainerConfigError")
        #expect(
            failure?.message
                == "container has runAsNonRoot and image will run as root (pod: \"web_default(\(accepted.uid))\", "
                + "container: main)")
        #expect(
            try agent.observe(accepted.uid)?.record.containers["main"]?.waiting?.reason == "CreateContainerConfigError")
    }

    @Test("capabilities are dropped, and a root that is to be read-only is")
    func lessThanUsual() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(
            running: Self.script,
            securityContext: SecurityContext(
                capabilities: Capabilities(drop: [.all]), readOnlyRootFilesystem: true))
        _ = try agent.start(accepted)

        for field in ["CapBnd", "CapPrm", "CapEff"] { try expect(agent, accepted.uid, field, "0000000000000000") }
        let (code, output) = try agent.exec(["touch", "/tmp/x"], accepted.uid)
        #expect(code != 0)
        #expect(output.contains("Read-only file system"), "\(output)")
        #expect(
            try agent.exec(["sh", "-c", "echo data > /dev/shm/f && cat /dev/shm/f"], accepted.uid).output == "data\n")
    }
}

extension AcceptedPod {
    /// The same with a security context of the Pod's.
    fileprivate func with(_ context: PodSecurityContext) -> AcceptedPod {
        var pod = pod
        pod.spec.securityContext = context
        return AcceptedPod(
            uid: uid, pod: pod, digest: digest, written: pod.encoded, application: application, createdAt: createdAt,
            file: file)
    }
}
