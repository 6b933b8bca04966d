import Foundation
import Glibc
import Manifests
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("What a container may use, and what becomes of more", .ownThreads)
struct LimitsTests {
    private static let isUnified = !FileManager.default.fileExists(atPath: "/sys/fs/cgroup/unified")
    private let memory = ResourceRequirements(limits: ResourceList(memory: Bytes(24 << 20)))

    @Test(
        "more memory than its limit is OOMKilled with code 137, also when a child of its is the victim",
        arguments: ["exec busybox tail /dev/zero", "busybox tail /dev/zero; code=$?; exit $code"])
    func outOfMemory(script: String) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(running: script, restartPolicy: .never, resources: memory)

        _ = try agent.start(accepted)
        let exit = try #require(try agent.observe(accepted.uid) { $0.exit("main") != nil }.exit("main"))

        #expect(exit.reason == .oomKilled)
        #expect(exit.code == 137)
    }

    @Test("an exec that exceeds the memory is killed: on cgroup v2 its container with it, on v1 alone")
    func execOutOfMemory() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(restartPolicy: .never, resources: memory)
        _ = try agent.start(accepted)

        let (code, _) = try agent.exec(["busybox", "tail", "/dev/zero"], accepted.uid)

        #expect(code == 137)
        if Self.isUnified {
            let exit = try agent.observe(accepted.uid) { $0.exit("main") != nil }.exit("main")
            #expect(exit?.reason == .oomKilled)
            #expect(exit?.code == 137)
        } else {
            #expect(try agent.observe(accepted.uid)?.running("main") != nil)
        }
    }

    @Test("what was killed for its memory may use more once it is given more, the Pod as a whole too")
    func moreAfterTheKill() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let hungry = "busybox dd if=/dev/zero of=/dev/null bs=48M count=1 || exit 137; exec sleep 1000"
        let accepted = AcceptedPod.make(running: hungry, resources: memory)
        _ = try agent.start(accepted)
        let killed = try #require(
            try agent.observe(accepted.uid) { $0.exit("main") != nil }.exit("main"))
        #expect(killed.reason == .oomKilled)
        try agent.perform(.commitExit(killed, container: "main"), accepted.uid)

        var pod = accepted.pod
        pod.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(memory: Bytes(256 << 20)))
        let changed = AcceptedPod(
            uid: accepted.uid, pod: pod, digest: accepted.digest, written: pod.encoded,
            application: accepted.application, createdAt: accepted.createdAt, file: accepted.file)
        try agent.ask(.update([changed]))
        try agent.perform(.startContainer(name: "main", attempt: 1, backoff: nil), accepted.uid)

        // By then it has taken its 48 MiB, or was killed for it.
        usleep(useconds_t(500_000 * patience))
        #expect(try agent.observe(accepted.uid)?.running("main") != nil)
    }

    @Test("cpu and memory of a running container change without a restart")
    func resize() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        func resources(_ cpu: Int, _ memory: Int) -> ResourceRequirements {
            ResourceRequirements(limits: ResourceList(cpu: MilliCPU(cpu), memory: Bytes(memory)))
        }
        let accepted = AcceptedPod.make(resources: resources(500, 64 << 20))
        let first = try agent.start(accepted)
        let id = try #require(first.running("main"))
        #expect(try quotas(node) == ["50000", "50000"])

        var pod = accepted.pod
        pod.spec.containers[0].resources = resources(1500, 128 << 20)
        let changed = AcceptedPod(
            uid: accepted.uid, pod: pod, digest: accepted.digest, written: pod.encoded,
            application: accepted.application, createdAt: accepted.createdAt, file: accepted.file)
        try agent.ask(.update([changed]))
        try agent.perform(.resizeContainer(name: "main", id: id), accepted.uid)

        #expect(try quotas(node) == ["150000", "150000"])
        let second = try #require(try agent.observe(accepted.uid))
        #expect(second.running("main") == id)
        #expect(
            second.record.containers["main"]?.definition?["resources"]
                == pod.encoded["spec"]?["containers"]?[0]?["resources"])
    }

    @Test("Pods live in the tier of their quality of service, and Burstable ones weigh what they request together")
    func tiers() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let all = ResourceList(cpu: MilliCPU(100), memory: Bytes(64 << 20))
        func request(_ cpu: Int) -> ResourceRequirements {
            ResourceRequirements(requests: ResourceList(cpu: MilliCPU(cpu)))
        }
        let pods = [
            AcceptedPod.make("some", resources: request(1000)), AcceptedPod.make("more", resources: request(500)),
            AcceptedPod.make("none"), AcceptedPod.make("full", resources: ResourceRequirements(limits: all)),
        ]
        for pod in pods { _ = try agent.start(pod) }

        #expect(try tier(of: pods[0].uid, node) == "burstable")
        #expect(try tier(of: pods[2].uid, node) == "besteffort")
        #expect(try tier(of: pods[3].uid, node) == node.parent)
        try expectShares(1536, weight: 138, of: "burstable", node)
        try expectShares(2, weight: 1, of: "besteffort", node)
        try expectShares(1024, weight: 100, of: "burstable/pod\(pods[0].uid)", node)
        let log = "\(node.logs)/default_none_\(pods[2].uid)/main/0.log"
        #expect(try node.text(of: log) { $0.contains("up") }.contains("up"))

        try agent.perform(.stopSandbox, pods[0].uid)
        try expectShares(512, weight: 59, of: "burstable", node)
        for pod in pods { try agent.perform(.stopSandbox, pod.uid) }
        try expectShares(2, weight: 1, of: "burstable", node)
    }

    @Test("a Pod of a release before the tiers goes on with the next agent, and leaves nothing behind")
    func earlierLayout() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make()
        // As it was made then, though nothing is requested.
        try node.shell(
            "for tree in $(find /sys/fs/cgroup -type d -name '\(node.parent)'); do mkdir $tree/pod\(accepted.uid); done"
        )
        let first = try agent.start(accepted)
        #expect(try tier(of: accepted.uid, node) == node.parent)

        try agent.kill()
        let next = try node.agentWithImage()

        #expect(try next.observe(accepted.uid)?.running("main") == first.running("main"))
        #expect(try next.exec(["echo", "here"], accepted.uid).output == "here\n")
        try next.perform(.stopSandbox, accepted.uid)
        #expect(try node.shell("find /sys/fs/cgroup -path '*\(node.parent)*pod\(accepted.uid)*'") == "")
    }

    /// The name of the cgroup that a Pod's is in.
    private func tier(of uid: PodUID, _ node: TestNode) throws -> String {
        let tree = Self.isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
        let path = try node.shell("find \(tree)/\(node.parent) -type d -name 'pod\(uid)'")
        return String(path.split(separator: "/").dropLast().last ?? "")
    }

    /// What a cgroup weighs is, soon, this: shares on v1, a weight on v2.
    private func expectShares(
        _ shares: Int, weight: Int, of group: String, _ node: TestNode,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let tree = Self.isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
        let file = "\(tree)/\(node.parent)/\(group)/\(Self.isUnified ? "cpu.weight" : "cpu.shares")"
        let wanted = "\(Self.isUnified ? weight : shares)\n"
        #expect(try node.text(of: file) { $0 == wanted } == wanted, sourceLocation: sourceLocation)
    }

    @Test("less memory than it uses is refused in words; the container goes on as it was")
    func resizeBelowUse() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let hold = "x=$(busybox dd if=/dev/zero bs=1M count=20 2>/dev/null | busybox tr '\\000' x); echo held; "
        let accepted = AcceptedPod.make(
            running: hold + "while :; do usleep 20000; done",
            resources: ResourceRequirements(limits: ResourceList(memory: Bytes(128 << 20))))
        let id = try #require(try agent.start(accepted).running("main"))
        _ = try node.text(of: "\(node.logs)/default_web_\(accepted.uid)/main/0.log") { $0.contains("held") }

        var pod = accepted.pod
        pod.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(memory: Bytes(8 << 20)))
        let changed = AcceptedPod(
            uid: accepted.uid, pod: pod, digest: accepted.digest, written: pod.encoded,
            application: accepted.application, createdAt: accepted.createdAt, file: accepted.file)
        try agent.ask(.update([changed]))
        let failure = #expect(throws: ActionFailure.self) {
            try agent.perform(.resizeContainer(name: "main", id: id), accepted.uid)
        }

        #expect(failure?.reason == "ResizeError")
        #expect(failure?.message.contains("more than the new limit") == true)
        #expect(try agent.observe(accepted.uid)?.running("main") == id)
    }

    @Test("no process gains rights when the manifest forbids it, neither the container's nor an exec's")
    func noNewPrivileges() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let script = "grep NoNewPrivs /proc/self/status; trap 'exit 0' TERM; while :; do usleep 20000; done"
        for isAllowed in [true, false] {
            let accepted = AcceptedPod.make(
                "web-\(isAllowed)", running: script,
                securityContext: SecurityContext(allowPrivilegeEscalation: isAllowed))
            _ = try agent.start(accepted)
            let log = "\(node.logs)/default_web-\(isAllowed)_\(accepted.uid)/main/0.log"

            let wanted = "NoNewPrivs:\t\(isAllowed ? 0 : 1)\n"
            #expect(try node.text(of: log, until: { !$0.isEmpty }).hasSuffix(wanted))
            #expect(try agent.exec(["grep", "NoNewPrivs", "/proc/self/status"], accepted.uid).output == wanted)
        }
    }

    @Test("the kernel's choice when memory runs out follows the manifest, or the history says that it cannot")
    func oomScore() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let all = ResourceList(cpu: MilliCPU(100), memory: Bytes(64 << 20))
        let (first, last) = (
            AcceptedPod.make("first"), AcceptedPod.make("last", resources: ResourceRequirements(limits: all))
        )

        _ = try agent.start(first)
        try agent.ask(.register([last]))
        try agent.perform(.createSandbox(attempt: 0), last.uid)
        let (detail, _) = try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), last.uid)

        #expect(try agent.exec(["cat", "/proc/1/oom_score_adj"], first.uid).output == "1000\n")
        let score = try agent.exec(["cat", "/proc/1/oom_score_adj"], last.uid).output
        #expect(score == "-997\n" || detail.contains("oom_score_adj -997 is not in force"), "\(score) \(detail)")
    }

    @Test("logs are rotated, and only the last attempts' are kept")
    func logs() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(
            running: "for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; done; seq() { :; }; exit 3")
        let uid = accepted.uid
        _ = try agent.start(accepted)
        for attempt in 0..<3 {
            let exit = try #require(try agent.observe(uid) { $0.exit("main") != nil }.exit("main"))
            try agent.perform(.commitExit(exit, container: "main"), uid)
            try agent.perform(.startContainer(name: "main", attempt: attempt + 1, backoff: nil), uid)
        }
        let directory = "\(node.logs)/default_web_\(uid)/main"
        for _ in 0..<100 * patience {
            guard try node.shell("ls \(directory)") != "2.log\n3.log\n" else { break }
            usleep(20_000)
        }

        #expect(try node.shell("ls \(directory)") == "2.log\n3.log\n")
        let look = "for link in containers/web_default_main-*.log; do readlink $link; done | sort"
        let links = "\(directory)/2.log\n\(directory)/3.log\n"
        for _ in 0..<100 * patience {
            guard try node.shell(look) != links else { break }
            usleep(20_000)
        }
        #expect(try node.shell(look) == links)
    }

    /// The cpu quotas of the Pod and of its container, as the kernel has them.
    private func quotas(_ node: TestNode) throws -> [String] {
        let tree = Self.isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
        let file = Self.isUnified ? "cpu.max" : "cpu.cfs_quota_us"
        return try node.shell(
            "cd $(find \(tree)/\(node.parent) -type d -name 'pod?*'); cut -d' ' -f1 \(file) main-0/\(file)"
        )
        .split(separator: "\n").map(String.init)
    }
}
