import Foundation
import Glibc
import Manifests
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("Pods that share with the node, or whose containers share with each other", .ownThreads)
struct HostNamespaceTests {
    private static let script = "trap 'exit 0' TERM; while :; do usleep 20000; done"

    private func make(
        _ name: String = "web", _ namespaces: PodNamespaces = PodNamespaces(), context: SecurityContext? = nil,
        sysctls: [Sysctl] = [], containers: [String] = ["main"]
    ) -> AcceptedPod {
        let base = AcceptedPod.make(name, running: Self.script, securityContext: context)
        var pod = base.pod
        pod.spec.containers = containers.map {
            var container = base.pod.spec.containers[0]
            container.name = $0
            return container
        }
        pod.spec.namespaces = namespaces
        pod.spec.securityContext = PodSecurityContext(sysctls: sysctls)
        return AcceptedPod(
            uid: base.uid, pod: pod, digest: base.digest, written: pod.encoded, application: base.application,
            createdAt: base.createdAt, file: base.file)
    }

    private func namespace(_ kind: String, _ agent: TestAgent, _ uid: PodUID) throws -> String {
        try agent.exec(["busybox", "readlink", "/proc/self/ns/\(kind)"], uid).output
    }

    @Test("a Pod in the node's network has the node's address, name and ports, and changes none of its settings")
    func hostNetwork() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        try node.inNetwork(
            "sysctl -qw net.ipv4.ip_unprivileged_port_start=1000 || echo 1000 > /proc/sys/net/ipv4/ip_unprivileged_port_start"
        )
        let accepted = make("web", PodNamespaces(hostNetwork: true))

        let observed = try agent.start(accepted)

        let own = try node.inNetwork("readlink /proc/self/ns/net; readlink /proc/self/ns/uts").split(separator: "\n")
        #expect(try namespace("net", agent, accepted.uid) == "\(own[0])\n")
        #expect(try namespace("uts", agent, accepted.uid) == "\(own[1])\n")
        #expect(observed.record.address == "10.88.0.1", "the bridge's, for want of a default route")
        #expect(observed.record.sandbox?.node?.address == "10.88.0.1")
        #expect(try node.inNetwork("cat /proc/sys/net/ipv4/ip_unprivileged_port_start") == "1000\n")
        #expect(try node.links().isEmpty)
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test("the node's address is that of its default route, for Pods on the bridge and for those in its network alike")
    func hostAddress() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        try node.inNetwork(
            """
            ip link add up0 type veth peer name up1
            ip address add 198.51.100.7/24 dev up0
            ip link set up0 up
            ip link set up1 up
            ip route add default via 198.51.100.1
            """)
        let own = make("own", PodNamespaces(hostNetwork: true))
        let env = [
            EnvVar(name: "HOST", valueFrom: EnvVarSource(fieldRef: ObjectFieldSelector(fieldPath: "status.hostIP")))
        ]
        let bridged = AcceptedPod.make("bridged", env: env)

        let records = try [own, bridged].map { try agent.start($0).record }

        #expect(records.map { $0.sandbox?.node?.address } == ["198.51.100.7", "198.51.100.7"])
        #expect(records[0].address == "198.51.100.7")
        #expect(records[1].address?.hasPrefix("10.88.0.") == true)
        #expect(try agent.exec(["sh", "-c", "echo $HOST"], bridged.uid).output == "198.51.100.7\n")
        for pod in [own, bridged] { try agent.perform(.stopSandbox, pod.uid) }
    }

    @Test("a Pod that sees the node's processes sees this test; its container ends with all it started")
    func hostProcesses() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make("web", PodNamespaces(hostPID: true))
        _ = try agent.start(accepted)

        #expect(
            try agent.exec(["busybox", "readlink", "/proc/self/ns/pid"], accepted.uid).output
                == node.shell("readlink /proc/self/ns/pid"))
        #expect(try agent.exec(["ls", "-d", "/proc/\(getpid())"], accepted.uid).output == "/proc/\(getpid())\n")
        try agent.perform(.stopSandbox, accepted.uid)
        try node.expectNothingOf(accepted.uid)
    }

    @Test(
        "containers that share processes see each other and pause, which is the first; each ends alone, with its children"
    )
    func sharedProcesses() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make("web", PodNamespaces(shareProcessNamespace: true), containers: ["main", "other"])
        _ = try agent.start(accepted)
        try agent.perform(.startContainer(name: "other", attempt: 0, backoff: nil), accepted.uid)

        // Whose parent is outside, 0, is what a container was started with; the rest are children, some about to exec.
        let processes = try agent.exec(
            ["sh", "-c", "busybox ps -o pid,ppid,comm | busybox awk '$2 == 0 && $3 != \"busybox\" { print $1, $3 }'"],
            accepted.uid
        ).output.split(separator: "\n")
        #expect(processes.first == "1 pause", "\(processes)")
        #expect(processes.filter { $0.hasSuffix(" sh") }.count == 3, "two containers and this exec: \(processes)")

        _ = try agent.exec(
            ["sh", "-c", "kill -9 $(busybox ps -o pid,comm | busybox awk '$2 == \"sh\" { print $1; exit }')"],
            accepted.uid)
        let after = try agent.observe(accepted.uid) { ($0.running("main") == nil) != ($0.running("other") == nil) }
        #expect((after.running("main") == nil) != (after.running("other") == nil))
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test("a Pod that shares the node's memory has its semaphores and /dev/shm")
    func hostIPC() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make("web", PodNamespaces(hostIPC: true))
        _ = try agent.start(accepted)

        #expect(try namespace("ipc", agent, accepted.uid) == node.shell("readlink /proc/self/ns/ipc"))
        let name = "reconcile-\(node.id)"
        defer { try? FileManager.default.removeItem(atPath: "/dev/shm/\(name)") }
        _ = try agent.exec(["touch", "/dev/shm/\(name)"], accepted.uid)
        #expect(FileManager.default.fileExists(atPath: "/dev/shm/\(name)"))
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test("kernel parameters are set in the Pod's own namespaces; one that cannot be is told")
    func sysctls() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make(
            sysctls: [
                Sysctl(name: "net.ipv4.ip_local_port_range", value: "20000 20100"),
                Sysctl(name: "kernel.shm_rmid_forced", value: "1"),
            ])
        _ = try agent.start(accepted)

        #expect(
            try agent.exec(["cat", "/proc/sys/net/ipv4/ip_local_port_range"], accepted.uid).output == "20000\t20100\n")
        #expect(try agent.exec(["cat", "/proc/sys/kernel/shm_rmid_forced"], accepted.uid).output == "1\n")

        let broken = make("broken", sysctls: [Sysctl(name: "net.ipv4.no_such_thing", value: "1")])
        try agent.ask(.register([broken]))
        let failure = #expect(throws: ActionFailure.self) {
            try agent.perform(.createSandbox(attempt: 0), broken.uid)
            try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), broken.uid)
        }
        #expect(failure != nil)
    }

    @Test("a privileged container has every capability of the agent's, the node's devices, and a /sys to write to")
    func privileged() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make(context: SecurityContext(privileged: true))
        _ = try agent.start(accepted)

        let own = try node.shell("grep CapPrm /proc/self/status").split(whereSeparator: \.isWhitespace).last
        let status = try agent.exec(["grep", "-E", "^(CapEff|Seccomp):", "/proc/1/status"], accepted.uid).output
        #expect(status.contains("CapEff:\t\(own ?? "-")"), "\(status)")
        #expect(status.contains("Seccomp:\t0"))
        let devices = try node.shell("cd /dev; for d in *; do [ -b $d ] && [ ! -L $d ] && echo $d; done || true")
        let seen = try agent.exec(["ls", "/dev"], accepted.uid).output
        for device in devices.split(separator: "\n") { #expect(seen.contains(device), "\(device)") }
        let (code, output) = try agent.exec(
            ["sh", "-c", "busybox mount -t tmpfs none /tmp && echo x > /proc/sys/kernel/domainname"], accepted.uid)
        #expect(code == 0, "\(output)")
    }

    @Test("a capability that is added is held")
    func added() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let choice = try #require(CapabilityChoice("NET_RAW"))
        let accepted = make(context: SecurityContext(capabilities: Capabilities(add: [choice], drop: [.all])))
        _ = try agent.start(accepted)

        for process in ["1", "self"] {
            let status = try agent.exec(["grep", "CapEff", "/proc/\(process)/status"], accepted.uid).output
            #expect(status == "CapEff:\t0000000000002000\n")
        }
    }
}

extension TestNode {
    /// No process of a Pod is left in its cgroup.
    fileprivate func expectNothingOf(_ uid: PodUID, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let left = try shell(
            "find /sys/fs/cgroup -path '*\(parent)*pod\(uid)*' -name cgroup.procs -exec cat {} + 2>/dev/null || true")
        #expect(left.isEmpty, sourceLocation: sourceLocation)
    }
}
