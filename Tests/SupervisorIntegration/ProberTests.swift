import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

/// The security checklist, asked of a program inside a container: one that the container began with, and one that exec
/// brought.
@Suite("What a program inside a container is, and what it can do", .ownThreads)
struct ProberTests {
    enum Way: String, CaseIterable, Sendable { case start, exec }

    @Test("it holds the eleven capabilities, none to pass on, and is filtered", arguments: Way.allCases)
    func credentials(way: Way) async throws {
        let probe = try await probe(way)

        let mask = "00000000800405fb"
        #expect(probe.facts["CapBnd"] == mask)
        #expect(probe.facts["CapPrm"] == mask)
        #expect(probe.facts["CapEff"] == mask)
        #expect(probe.facts["CapInh"] == "0000000000000000")
        #expect(probe.facts["CapAmb"] == "0000000000000000")
        #expect(probe.facts["Groups"] == "")
        #expect(probe.facts["Uid"] == "0 0 0 0")
        #expect(probe.facts["Seccomp"] == "2")
        #expect(probe.facts["NoNewPrivs"] == "0")
    }

    @Test("another user holds nothing, with and without no_new_privs", arguments: Way.allCases, [false, true])
    func otherUser(way: Way, noNewPrivileges: Bool) async throws {
        let probe = try await probe(way) { process in
            process.user = Array("web".utf8)
            process.noNewPrivileges = noNewPrivileges
            process.groups = [2000, 150]
        }

        for set in ["CapPrm", "CapEff", "CapInh", "CapAmb"] {
            #expect(probe.facts[set] == "0000000000000000", "\(set)")
        }
        #expect(probe.facts["CapBnd"] == "00000000800405fb")
        #expect(probe.facts["Uid"] == "101 101 101 101")
        #expect(probe.facts["Gid"] == "102 102 102 102")
        #expect(probe.facts["Groups"] == "150 2000")
        #expect(probe.facts["Seccomp"] == "2")
        #expect(probe.facts["NoNewPrivs"] == (noNewPrivileges ? "1" : "0"))
        #expect(probe.attempts["chown"] == EPERM)
    }

    @Test("the image's groups are left out where the manifest says so", arguments: Way.allCases)
    func strictGroups(way: Way) async throws {
        let probe = try await probe(way) { process in
            process.user = Array("web".utf8)
            process.groups = [2000]
            process.leavesImageGroups = true
        }

        #expect(probe.facts["Groups"] == "2000")
    }

    @Test("root without any capability gains none by its exec", arguments: Way.allCases)
    func droppedAll(way: Way) async throws {
        let probe = try await probe(way) { $0.capabilities = 0 }

        for set in ["CapPrm", "CapEff", "CapBnd"] { #expect(probe.facts[set] == "0000000000000000", "\(set)") }
        #expect(probe.attempts["chown"] == EPERM)
    }

    @Test(
        "it inherits nothing: descriptors, signals, umask, keyring; it dies with its supervisor",
        arguments: Way.allCases)
    func inheritance(way: Way) async throws {
        let held = try Descriptor.open("/etc/hostname")
        let probe = try await probe(way)

        #expect(probe.facts["descriptors"] == "0 1 2")
        #expect(probe.facts["SigIgn"] == "0000000000000000")
        #expect(probe.facts["SigBlk"] == "0000000000000000")
        #expect(probe.facts["umask"] == "0022")
        #expect(probe.facts["session"] == "1")
        #expect(probe.facts["pdeathsig"] == "9")
        #expect(probe.facts["directory"] == "/")
        #expect(probe.facts["core"] == "0")
        _ = held.raw
    }

    /// What must fail, and how: 1 EPERM, 13 EACCES, 30 EROFS, 38 ENOSYS, 97 EAFNOSUPPORT.
    private static let refused: [(String, Set<Int32>)] =
        [
            "mount", "remount-root", "umount-proc-mask", "fsopen", "open_tree", "pivot_root", "unshare-user",
            "unshare-mount",
            "clone-user", "setns", "add_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup",
            "open_by_handle_at", "kexec_load", "init_module", "swapon", "sethostname",
            "settimeofday",
            "socket-alg", "socket-vsock", "socket-raw", "socket-packet", "disk-in-dev", "memory-in-tmp", "mount-32",
            "unshare-32",
        ].map { ($0, [EPERM]) } + [
            ("clone3", [ENOSYS]), ("newer", [ENOSYS]), ("mount-x32", [ENOSYS]), ("core_pattern", [EROFS, EACCES]),
            ("sysrq", [EROFS, EACCES, ENOENT]), ("sysctl-net", [EROFS, EACCES]), ("oom-of-init", [EACCES, EPERM]),
            ("kcore", [ENODATA, EACCES, ENOENT]), ("sys", [EROFS]), ("cgroup-kill", [EROFS]),
        ]

    @Test("what would lead out of it fails, for root too", arguments: Way.allCases)
    func escapes(way: Way) async throws {
        let probe = try await probe(way)

        for (name, errors) in Self.refused {
            guard let error = probe.attempts[name] else {
                // Of other instruction sets there is nothing to try on this machine.
                #expect(name.hasSuffix("32"), "\(name) was not tried")
                continue
            }
            #expect(errors.contains(error), "\(name) ended with errno \(error)")
        }
        #expect(probe.attempts["write-root"] == 0)
        #expect(probe.attempts["chown"] == 0)
        #expect(probe.attempts["process_vm_readv"] == 0)
    }

    @Test("without a filter the capabilities alone keep it in", arguments: Way.allCases)
    func unconfined(way: Way) async throws {
        let probe = try await probe(way) { $0.seccompFilter = [] }

        #expect(probe.facts["Seccomp"] == "0")
        for name in ["mount", "unshare-mount", "sethostname", "disk-in-dev", "memory-in-tmp"] {
            #expect(probe.attempts[name] == EPERM, "\(name)")
        }
    }

    @Test(
        "a read-only root is read-only; its mount points and working directory were made before",
        arguments: Way.allCases)
    func readOnlyRoot(way: Way) async throws {
        let probe = try await probe(way, isRootReadOnly: true) { $0.directory = Array("/srv/made".utf8) }

        #expect(probe.attempts["write-root"] == EROFS)
        #expect(probe.mounts["/"]?.flags.contains("ro") == true)
        #expect(probe.facts["directory"] == "/srv/made")
    }

    @Test("the kernel's file systems are mounted as narrowly as they can be", arguments: Way.allCases)
    func mounts(way: Way) async throws {
        let probe = try await probe(way)

        for (point, type, flags) in [
            ("/proc", "proc", ["nosuid", "nodev", "noexec"]), ("/dev", "tmpfs", ["nosuid"]),
            ("/dev/pts", "devpts", ["nosuid", "noexec"]), ("/dev/mqueue", "mqueue", ["nosuid", "nodev", "noexec"]),
            ("/dev/shm", "tmpfs", ["nosuid", "nodev", "noexec"]),
            ("/sys", "sysfs", ["ro", "nosuid", "nodev", "noexec"]),
            ("/sys/fs/cgroup", "cgroup2", ["ro", "nosuid", "nodev", "noexec"]), ("/proc/sys", "proc", ["ro"]),
            ("/", "overlay", ["nodev"]),
        ] {
            let mount = probe.mounts[point]
            #expect(mount?.type == type, "\(point)")
            #expect(mount.map { Set(flags).isSubset(of: $0.flags) } == true, "\(point) has \(mount?.flags ?? [])")
        }
    }

    @Test("a filter that the kernel does not take is a failed start, told by its step")
    func brokenFilter() async throws {
        try await withPod { pod, supervisor in
            var request = try pod.startRequest("c1", ["true"])
            request.process.seccompFilter = [UInt8](repeating: 0xff, count: 16)
            let error = await #expect(throws: SupervisorError.self) { try await pod.start(supervisor, request) }

            guard case .failed(let failure) = error else { return }
            #expect(failure.stage == 15)
        }
    }

    /// Starts the prober in a container, as its first process or by an exec, and reads what it tells.
    private func probe(
        _ way: Way, isRootReadOnly: Bool = false, _ change: (inout ProcessPlan) -> Void = { _ in }
    ) async throws -> Probe {
        var text = ""
        try await withPod { pod, supervisor in
            try pod.addProber()
            var request = try pod.startRequest("c1", way == .start ? ["prober"] : ["sleep", "1000"])
            change(&request.process)
            request.root.readOnly = isRootReadOnly
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
        try await pod.createSandbox(supervisor)
        try await body(pod, supervisor)
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }
}
