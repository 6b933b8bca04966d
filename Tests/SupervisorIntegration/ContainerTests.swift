import Foundation
import Glibc
import Linux
import NodeRuntime
import PodFixture
import SupervisorCore
import Testing

@Suite("A container under its supervisor", .ownThreads)
struct ContainerTests {
    @Test("a container is born, prints, exits, and its exit waits to be acknowledged")
    func lifeOfAContainer() async throws {
        try await withPod { pod, supervisor, exits in
            let started = try await pod.start(supervisor, "c1", ["sh", "-c", "echo hello; echo again >&2; exit 3"])
            let exit = await exits.next()

            #expect(started.pid > 0)
            #expect(exit?.code == 3)
            #expect(pod.log("c1").sorted() == ["again", "hello"])
            let state = try await supervisor.currentState().first { $0.kind == StateEntry.container }
            #expect(state?.exit?.code == 3)
            try await supervisor.acknowledge(container: "c1")
            #expect(try await supervisor.currentState().allSatisfy { $0.kind != StateEntry.container })
        }
    }

    @Test("its first process is PID 1, with the Pod's name, network and no other process in sight")
    func namespaces() async throws {
        try await withPod { pod, supervisor, exits in
            try await pod.start(
                supervisor, "c1", ["sh", "-c", "echo $$; hostname; ls /proc | grep -c '^[0-9]'; ls /sys/class/net"])
            _ = await exits.next()

            let log = pod.log("c1")
            #expect(log.first == "1")
            #expect(log.dropFirst().first == "web-0")
            #expect(Int(log.dropFirst(2).first ?? "99") ?? 99 <= 4)
            #expect(log.contains("lo"))
            #expect(!log.contains("eth0"))
        }
    }

    @Test(
        "when memory runs out the supervisor goes last and pause before it, where the kernel lets them; a container does not"
    )
    func oomScores() async throws {
        let nowhere = try Descriptor.open("/dev/null", O_WRONLY)
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-c", "echo -999 > /proc/self/oom_score_adj"],
            descriptors: [2: nowhere.raw])
        let isLowered = try child.reap() == .exited(0)
        let own = try String(contentsOfFile: "/proc/self/oom_score_adj", encoding: .utf8)
        try await withPod { pod, supervisor, _ in
            func score(_ process: pid_t) throws -> String {
                try String(contentsOfFile: "/proc/\(process)/oom_score_adj", encoding: .utf8)
            }
            var request = try pod.startRequest("c1", ["sleep", "1000"])
            request.process.oomScoreAdjustment = 500
            try await pod.start(supervisor, request)
            let pause = try #require(pod.processes("/pod/pause").first)

            #expect(try score(supervisor.pid) == (isLowered ? "-999\n" : own))
            #expect(try score(pause) == (isLowered ? "-998\n" : own))
            // Whoever asks for an exec need not know what its container has.
            let seen = try await pod.exec(
                supervisor, "e1", in: "c1", ["cat", "/proc/1/oom_score_adj", "/proc/self/oom_score_adj"])
            #expect(seen.output == "500\n500\n")
        }
    }

    @Test("it holds podman's eleven capabilities and can gain no other")
    func capabilities() async throws {
        try await withPod { pod, supervisor, exits in
            try await pod.start(supervisor, "c1", ["grep", "-E", "^(Cap|Groups|Seccomp:|NoNew)", "/proc/self/status"])
            _ = await exits.next()

            let log = pod.log("c1").map { $0.filter { !$0.isWhitespace } }
            let mask = String(DefaultCapabilities.mask, radix: 16)
            let full = String(repeating: "0", count: 16 - mask.count) + mask
            #expect(full == "00000000800405fb")
            for line in ["CapPrm:\(full)", "CapEff:\(full)", "CapBnd:\(full)"] { #expect(log.contains(line)) }
            #expect(log.contains("CapInh:0000000000000000"))
            #expect(log.contains("CapAmb:0000000000000000"))
            #expect(log.contains("Groups:"))
        }
    }

    @Test("another user than root holds no capability, and has the groups of the image")
    func otherUser() async throws {
        try await withPod { pod, supervisor, exits in
            try await pod.start(supervisor, "c1", ["sh", "-c", "id; env; grep CapEff /proc/self/status"], user: "web")
            _ = await exits.next()

            let log = pod.log("c1")
            #expect(
                log.first == "uid=101(web) gid=102(web) groups=102(web),150(logs)"
                    || log.first == "uid=101(web) gid=102(web) groups=150(logs)")
            #expect(log.contains("HOME=/home/web"))
            #expect(log.contains { $0.hasPrefix("CapEff") && $0.hasSuffix("0000000000000000") })
        }
    }

    @Test(
        "a user that cannot be told is refused, never taken for root",
        arguments: ["nobody-here", "4294967296", "0:no-such-group", "99999999999999999999"])
    func badUser(user: String) async throws {
        try await withPod { pod, supervisor, _ in
            let error = await #expect(throws: SupervisorError.self) {
                try await pod.start(supervisor, "c1", ["id"], user: user)
            }
            guard case .failed(let failure) = error else {
                Issue.record("expected a failed birth, got \(String(describing: error))")
                return
            }
            #expect(failure.stage == 8)
        }
    }

    @Test(
        "who turns out to be root where nobody may be is not started, by whatever name",
        arguments: [("", true), ("0", true), ("root", true), ("web", false)])
    func neverRoot(user: String, isRoot: Bool) async throws {
        try await withPod { pod, supervisor, _ in
            var request = try pod.startRequest("c1", ["sleep", "1000"])
            request.process.user = Array(user.utf8)
            request.process.isNeverRoot = true
            do {
                try await pod.start(supervisor, request)
                #expect(!isRoot)
            } catch SupervisorError.failed(let failure) {
                #expect(isRoot && failure.stage == 8 && failure.error == UInt32(EPERM), "\(failure)")
                #expect(
                    failure.sentence == "container has runAsNonRoot and its user turns out to be root: set runAsUser")
            }
        }
    }

    @Test("no descriptor of the supervisor's or the agent's reaches it")
    func noLeakedDescriptor() async throws {
        let open = try Descriptor.open("/etc/hostname")
        try await withPod { pod, supervisor, exits in
            try await pod.start(supervisor, "c1", ["ls", "/proc/self/fd"])
            _ = await exits.next()

            // 3 is the directory that ls itself reads.
            #expect(pod.log("c1") == ["0", "1", "2", "3"])
        }
        _ = open.raw
    }

    @Test("the kernel's sensitive paths are hidden, /proc/sys and /sys are read-only, and /dev is its own")
    func maskedPaths() async throws {
        try await withPod { pod, supervisor, exits in
            let script = """
                cat /proc/keys /proc/timer_list 2>/dev/null | grep -c . ; ls /sys/firmware | grep -c .
                echo x > /proc/sys/kernel/domainname 2>/dev/null && echo writable-sysctl
                echo x > /proc/sysrq-trigger 2>/dev/null && echo writable-sysrq
                touch /sys/x 2>/dev/null && echo writable-sys
                ls /dev; readlink /dev/ptmx; echo data > /dev/shm/f && cat /dev/shm/f
                """
            try await pod.start(supervisor, "c1", ["sh", "-c", script])
            _ = await exits.next()

            let log = pod.log("c1")
            #expect(log.prefix(2) == ["0", "0"])
            #expect(!log.contains { $0.hasPrefix("writable") })
            for name in [
                "null", "zero", "full", "random", "urandom", "tty", "pts", "shm", "mqueue", "fd", "pts/ptmx", "data",
            ] {
                #expect(log.contains(name), "\(name) is missing in \(log)")
            }
        }
    }

    @Test("the containers of a Pod share memory, not mounts")
    func sharedMemory() async throws {
        try await withPod { pod, supervisor, exits in
            try await pod.start(supervisor, "c1", ["sh", "-c", "echo shared > /dev/shm/note; touch /tmp/mine"])
            _ = await exits.next()
            try await pod.start(supervisor, "c2", ["sh", "-c", "cat /dev/shm/note; ls /tmp"])
            _ = await exits.next()

            #expect(pod.log("c2") == ["shared"])
        }
    }

    @Test("what a container writes stays in its own layer")
    func writableLayer() async throws {
        try await withPod { pod, supervisor, exits in
            try await pod.start(supervisor, "c1", ["sh", "-c", "echo new > /etc/new; kill -9 $$ ; echo unreachable"])
            _ = await exits.next()

            #expect(FileManager.default.fileExists(atPath: "\(pod.base)/rw/c1/upper/etc/new"))
            #expect(!FileManager.default.fileExists(atPath: "\(pod.base)/layers/root/etc/new"))
        }
    }

    @Test("a missing working directory is made; a link in the image cannot lead a mount out of the root")
    func directories() async throws {
        try await withPod { pod, supervisor, exits in
            var request = try pod.startRequest("c1", ["pwd"])
            request.process.directory = Array("/srv/app/data".utf8)
            try await pod.start(supervisor, request)
            _ = await exits.next()
            #expect(pod.log("c1") == ["/srv/app/data"])

            symlink("/etc", "\(pod.base)/layers/root/proc")
            let error = await #expect(throws: SupervisorError.self) { try await pod.start(supervisor, "c2", ["true"]) }
            guard case .failed(let failure) = error else { return }
            #expect(failure.stage == 5)
            #expect(failure.sentence.contains("/proc"))
        }
    }

    @Test("a command that is not in the image is a start error with exit code 128")
    func missingCommand() async throws {
        try await withPod { pod, supervisor, exits in
            let error = await #expect(throws: SupervisorError.self) {
                try await pod.start(supervisor, "c1", ["no-such-program"])
            }
            let exit = await exits.next()

            #expect("\(error as (any Error)? ?? CancellationError())".contains("executable file not found in $PATH"))
            #expect(exit?.code == 128)
            #expect(exit?.failure?.stage == 12)
            #expect(exit?.startedAt == 0)
        }
    }

    @Test("a birth that hangs is killed at its deadline and becomes a message")
    func hangingBirth() async throws {
        try await withPod { pod, supervisor, exits in
            // A FIFO without a writer: the child waits in open(2) for ever, as it would in a hung mount.
            mkfifo("\(pod.base)/layers/root/etc/never", 0o600)
            var request = try pod.startRequest("c1", ["true"], deadline: 200)
            request.container = Array("c1".utf8)
            // The placement pipe of a cgroup.procs file that never answers stands for any step that hangs.
            request.roles.append(DescriptorRole.cgroupTasks)
            let pair = try Linux.Pipe()
            var full = [UInt8](repeating: 0, count: 1 << 16)
            let end = pair.writing.raw
            while fcntl(end, F_SETFL, O_NONBLOCK) == 0, write(end, &full, full.count) > 0 {}
            _ = fcntl(end, F_SETFL, 0)
            let path = "\(pod.unified)/pod/c1"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            let group = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
            let log = try Descriptor.open("\(pod.base)/logs/c1.log", O_WRONLY | O_APPEND | O_CREAT)
            let error = await #expect(throws: SupervisorError.self) {
                _ = try await supervisor.start(request, descriptors: [group.raw, log.raw, end])
            }
            let exit = await exits.next()

            guard case .failed(let failure) = error else {
                Issue.record("expected a failed birth, got \(String(describing: error))")
                return
            }
            #expect(failure.stage == 14)
            #expect(exit?.code == 128)
            // The supervisor serves on meanwhile and afterwards.
            try await pod.start(supervisor, "c2", ["true"])
            #expect(await exits.next()?.code == 0)
            // Let the helper that still holds the full pipe end.
            var drain = [UInt8](repeating: 0, count: 1 << 16)
            _ = fcntl(pair.reading.raw, F_SETFL, O_NONBLOCK)
            while read(pair.reading.raw, &drain, drain.count) > 0 {}
        }
    }

    @Test("a stop sends the signal, waits for the grace, then kills; the supervisor finishes it without a client")
    func stop() async throws {
        let pod = try PodFixture()
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "deaf", ["sh", "-c", "trap '' TERM; echo up; while true; do sleep 1; done"])
        try await pod.start(
            supervisor, "good", ["sh", "-c", "trap 'exit 7' TERM; echo up; while true; do usleep 10000; done"])
        while pod.log("deaf").isEmpty || pod.log("good").isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        try await supervisor.stop(container: "deaf", signal: SIGTERM, grace: .milliseconds(300))
        try await supervisor.stop(container: "good", signal: SIGTERM, grace: .seconds(30))
        supervisor.disconnect()

        try await Task.sleep(for: .milliseconds(500))
        let later = try await pod.connect()
        let exits = Dictionary(
            uniqueKeysWithValues: later.state.compactMap { entry in
                entry.exit.map { (String(decoding: entry.id, as: UTF8.self), $0) }
            })

        #expect(exits["deaf"]?.signal == 9)
        #expect(exits["deaf"]?.code == 137)
        #expect(exits["good"]?.code == 7)
        try await later.shutDown()
        pod.clean()
    }

    @Test("a start repeated with the same id is the same start")
    func idempotentStart() async throws {
        try await withPod { pod, supervisor, _ in
            let request = try pod.startRequest("c1", ["sleep", "100"])
            async let first = pod.start(supervisor, request)
            async let second = pod.start(supervisor, request)
            let third = try await pod.start(supervisor, request)

            #expect(try await first.pid == third.pid)
            #expect(try await second.pid == third.pid)
            #expect(try await supervisor.currentState().filter { $0.kind == StateEntry.container }.count == 1)
        }
    }

    @Test("ten thousand lines on both streams arrive whole and in order")
    func manyLines() async throws {
        try await withPod { pod, supervisor, exits in
            try await pod.start(supervisor, "c1", ["sh", "-c", "seq 1 10000; seq 1 10000 | sed s/^/e/ >&2 || true"])
            _ = await exits.next()

            #expect(pod.log("c1").filter { Int($0) != nil } == (1...10_000).map(String.init))
        }
    }

    /// Runs `body` in a Pod with a sandbox, and leaves nothing behind.
    private func withPod(
        _ body: (PodFixture, Supervisor, inout AsyncStream<Exit>.Iterator) async throws -> Void
    ) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let exits = AsyncStream.makeStream(of: Exit.self)
        let supervisor = try await pod.launch { event in
            if case .containerExited(let exit) = event { exits.continuation.yield(exit) }
        }
        try await pod.createSandbox(supervisor)
        var iterator = exits.stream.makeAsyncIterator()
        try await body(pod, supervisor, &iterator)
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }
}
