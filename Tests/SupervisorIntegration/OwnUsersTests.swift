import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

/// A Pod with users of its own (`hostUsers: false`), asked by a program inside it: one that the container began with, and one
/// that exec brought.
@Suite("A Pod with users of its own", .enabled(if: isLinux(atLeast: 6, 3), "takes Linux 6.3"))
struct OwnUsersTests {
    enum Way: String, CaseIterable, Sendable { case start, exec }

    /// The node's number of the Pod's root.
    private static let root: UInt32 = 7 * 65_536

    @Test("its root is nobody's on the node, and has its capabilities over its own alone", arguments: Way.allCases)
    func credentials(way: Way) async throws {
        let probe = try await probe(way)

        #expect(probe.facts["Uid"] == "0 0 0 0" && probe.facts["Gid"] == "0 0 0 0" && probe.facts["Groups"] == "")
        #expect(probe.facts["users"] == "0 \(Self.root) 65536", "\(probe.facts["users"] ?? "")")
        for set in ["CapBnd", "CapPrm", "CapEff"] { #expect(probe.facts[set] == "00000000800405fb", "\(set)") }
        for set in ["CapInh", "CapAmb"] { #expect(probe.facts[set] == "0000000000000000", "\(set)") }
        #expect(probe.facts["Seccomp"] == "2" && probe.facts["descriptors"] == "0 1 2")
        #expect(probe.facts["pdeathsig"] == "9" && probe.facts["umask"] == "0022" && probe.facts["session"] == "1")
        #expect(probe.attempts["chown"] == 0 && probe.attempts["write-root"] == 0)
        for name in ["mount", "setns", "sethostname", "settimeofday", "disk-in-dev", "memory-in-tmp"] {
            #expect(probe.attempts[name] == EPERM, "\(name)")
        }
    }

    @Test("another user than its root holds nothing", arguments: Way.allCases)
    func otherUser(way: Way) async throws {
        let probe = try await probe(way) { process in
            process.user = Array("web".utf8)
            process.groups = [2000]
        }

        #expect(probe.facts["Uid"] == "101 101 101 101" && probe.facts["Groups"] == "150 2000")
        #expect(probe.facts["CapEff"] == "0000000000000000" && probe.attempts["chown"] == EPERM)
    }

    @Test("who may mount in it cannot uncover what is hidden", arguments: Way.allCases)
    func locked(way: Way) async throws {
        let probe = try await probe(way) { process in
            process.capabilities |= 1 << 21  // SYS_ADMIN
            process.seccompFilter = []
        }

        #expect(probe.attempts["mount"] == 0, "its mounts are its own")
        #expect(probe.attempts["umount-proc-mask"] == EINVAL)
        #expect(probe.attempts["settimeofday"] == EPERM && probe.attempts["sys"] == EROFS)
        #expect(probe.attempts["core_pattern"].map { [EROFS, EACCES].contains($0) } == true)
    }

    @Test("its files are its users', and what it writes belongs on the node to nobody; volumes keep their owners")
    func files() async throws {
        try await withPod { pod, supervisor in
            let volume = "\(pod.base)/volume"
            try FileManager.default.createDirectory(atPath: volume, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(volume)/root"))
            try Data("web's".utf8).write(to: URL(fileURLWithPath: "\(volume)/web"))
            chown("\(volume)/web", 101, 102)
            let script = """
                ls -ln / /v | grep -v '^total' | while read m l u g rest; do echo "$u:$g ${rest##* }"; done
                echo x > /v/made; echo y > /made; echo z > /dev/null && echo null
                ls -ln /dev/null; kill -0 1 && echo end
                sleep 1000
                """
            var request = try Self.startRequest(pod, "c1", ["sh", "-c", script])
            request.steps.append(
                MountStep(kind: MountStep.volume, target: Array("/v".utf8), source: Array(volume.utf8)))
            try await pod.start(supervisor, request)
            for _ in 0..<2000 * patience {
                guard !pod.rawLog("c1").contains("end") else { break }
                try await Task.sleep(for: .milliseconds(5))
            }

            let said = pod.rawLog("c1").split(separator: "\n").map(String.init)
            for line in ["0:0 bin", "0:0 etc", "0:0 dev", "0:0 v", "0:0 root", "101:102 web", "null"] {
                #expect(said.contains(line), "\(line) in \(said)")
            }
            var status = stat()
            #expect(stat("\(volume)/made", &status) == 0 && status.st_uid == 0)
            #expect(stat("\(pod.base)/rw/c1/upper/made", &status) == 0 && status.st_uid == Self.root)
        }
    }

    @Test(
        "what is mounted in a volume has a place made there, whoever of its users the volume belongs to",
        arguments: [0, 101] as [uid_t])
    func nested(owner: uid_t) async throws {
        try await withPod { pod, supervisor in
            let volume = "\(pod.base)/volume"
            try FileManager.default.createDirectory(atPath: "\(volume)/own", withIntermediateDirectories: true)
            try Data("inner".utf8).write(to: URL(fileURLWithPath: "\(pod.base)/inner"))
            chown("\(volume)/own", owner, owner)
            chmod("\(volume)/own", 0o700)
            var request = try Self.startRequest(
                pod, "c1", ["sh", "-c", "cat /v/own/a/file; echo; grep CapEff /proc/self/status; sleep 1000"])
            for (target, source) in [("/v", volume), ("/v/own/a/file", "\(pod.base)/inner"), ("/v/own/b", volume)] {
                request.steps.append(
                    MountStep(kind: MountStep.volume, target: Array(target.utf8), source: Array(source.utf8)))
            }
            try await pod.start(supervisor, request)

            for _ in 0..<400 * patience {
                guard pod.log("c1").count < 2 else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pod.log("c1").first == "inner")
            #expect(pod.log("c1").last?.hasSuffix("00000000800405fb") == true)
            for place in ["a", "a/file", "b"] {
                var status = stat()
                #expect(stat("\(volume)/own/\(place)", &status) == 0 && status.st_uid == 0, "\(place)")
            }
        }
    }

    @Test("its standard output can be opened again by name, by its root and by others", arguments: ["", "web"])
    func streams(user: String) async throws {
        try await withPod { pod, supervisor in
            var request = try Self.startRequest(pod, "c1", ["sh", "-c", "echo again > /dev/stdout; sleep 1000"])
            request.process.user = Array(user.utf8)
            try await pod.start(supervisor, request)

            for _ in 0..<400 * patience {
                guard pod.log("c1").isEmpty else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pod.log("c1") == ["again"])
        }
    }

    @Test("a terminal of its own belongs to whom it runs as, and is its console", arguments: ["", "web"])
    func terminal(user: String) async throws {
        try await withPod { pod, supervisor in
            let script = """
                tty; echo by console > /dev/console; echo by name > $(tty); echo by control > /dev/tty
                ls -ln /dev/pts/0 | while read m l u g rest; do echo $m $u $g; done; echo end; sleep 1000
                """
            var request = try Self.startRequest(pod, "c1", ["sh", "-c", script])
            request.process.terminal = true
            request.process.user = Array(user.utf8)
            try await pod.start(supervisor, request)
            for _ in 0..<400 * patience {
                guard pod.log("c1").last != "end" else { break }
                try await Task.sleep(for: .milliseconds(5))
            }

            let owner = user.isEmpty ? 0 : 101
            #expect(
                pod.log("c1") == [
                    "/dev/pts/0", "by console", "by name", "by control", "crw--w---- \(owner) 5", "end",
                ])
        }
    }

    @Test("its network is its own to configure, for who has the capability; its root is pause's too")
    func network() async throws {
        try await withPod { pod, supervisor in
            var request = try Self.startRequest(
                pod, "c1", ["sh", "-c", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ps; sleep 1000"])
            request.process.capabilities |= 1 << 12  // NET_ADMIN
            try await pod.start(supervisor, request)

            for _ in 0..<400 * patience {
                guard pod.log("c1").count < 3 else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pod.log("c1").first == "0")
            let pause = try #require(pod.processes("/pod/pause").first)
            var status = stat()
            #expect(stat("/proc/\(pause)", &status) == 0 && status.st_uid == Self.root)
        }
    }

    @Test("users that the kernel does not give are a sandbox that fails, told by its step, and can be asked for again")
    func refused() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        let error = await #expect(throws: SupervisorError.self) {
            try await pod.createSandbox(supervisor) { $0.namespaces = SandboxNamespaces.ownUsers }
        }
        guard case .failed(let failure) = error else { return }
        #expect(failure.stage == 17 && failure.sentence.contains("hostUsers: false takes Linux 6.3"))
        #expect(pod.processes("/pod").isEmpty)

        try await pod.createSandbox(supervisor) { request in
            request.namespaces = SandboxNamespaces.ownUsers
            (request.firstUser, request.userCount) = (Self.root, 65_536)
        }
        #expect(pod.processes("/pod").count == 1)
        try await supervisor.shutDown()
    }

    @Test(
        "a pause that dies before it is told its users leaves nothing open in the supervisor, however often it is tried"
    )
    func dead() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        func descriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(supervisor.pid)/fd").count
        }
        func create() async {
            // Refused, or made and dead at once: it depends on who is faster.
            _ = try? await pod.createSandbox(supervisor) { request in
                request.namespaces = SandboxNamespaces.ownUsers
                (request.firstUser, request.userCount) = (Self.root, 65_536)
                request.pause = Array("/nonexistent".utf8)
            }
        }
        await create()
        let before = try descriptors()
        for _ in 0..<20 { await create() }

        // What belongs to a sandbox that was made after all.
        #expect(try descriptors() < before + 6)
        try await supervisor.shutDown()
    }

    private static func startRequest(_ pod: PodFixture, _ id: String, _ arguments: [String]) throws -> StartRequest {
        var request = try pod.startRequest(id, arguments)
        request.steps = ContainerMounts.standard(sharedMemory: "\(pod.run)/shm", root: root)
        chown(String(decoding: request.root.upper, as: UTF8.self), root, root)
        return request
    }

    private func probe(_ way: Way, _ change: (inout ProcessPlan) -> Void = { _ in }) async throws -> Probe {
        var text = ""
        try await withPod { pod, supervisor in
            try pod.addProber()
            var request = try Self.startRequest(pod, "c1", way == .start ? ["prober"] : ["sleep", "1000"])
            change(&request.process)
            try await pod.start(supervisor, request)
            switch way {
            case .start:
                for _ in 0..<2000 * patience {
                    guard !pod.rawLog("c1").contains("end .") else { break }
                    try await Task.sleep(for: .milliseconds(5))
                }
                text = pod.rawLog("c1")
            case .exec: text = try await pod.exec(supervisor, "e1", in: "c1", ["prober"], change: change).output
            }
        }
        let probe = Probe(text)
        try #require(probe.isWhole, "\(text)")
        return probe
    }

    private func withPod(_ body: (PodFixture, Supervisor) async throws -> Void) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor) { request in
            request.namespaces = SandboxNamespaces.ownUsers
            (request.firstUser, request.userCount) = (Self.root, 65_536)
        }
        try await body(pod, supervisor)
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }
}

/// Whether this kernel is new enough: it shows files of a tmpfs to users of a namespace as theirs.
private func isLinux(atLeast major: Int, _ minor: Int) -> Bool {
    let release = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
    let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
}
