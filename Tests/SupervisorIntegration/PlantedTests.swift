import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("What an image may have planted, and what may come in the way of an exec")
struct PlantedTests {
    @Test(
        "a link at the place of /proc, /dev or /sys is refused, and nothing behind it is touched",
        arguments: ["proc", "dev", "sys"], ["/etc", "../../../../../../../../..", "tmp"])
    func plantedMountPoint(name: String, target: String) async throws {
        try await withPod { pod, supervisor in
            let before = try FileManager.default.contentsOfDirectory(atPath: "\(pod.base)/layers/root/etc").sorted()
            symlink(target, "\(pod.base)/layers/root/\(name)")

            let error = await #expect(throws: SupervisorError.self) {
                try await pod.start(supervisor, "c1", ["sleep", "1000"])
            }
            guard case .failed(let failure) = error else { return }
            #expect(failure.stage == 5 && failure.sentence.contains("/\(name)"), "\(failure.sentence)")
            let after = try FileManager.default.contentsOfDirectory(atPath: "\(pod.base)/layers/root/etc").sorted()
            #expect(after == before)
        }
    }

    enum Accounts: String, CaseIterable, Sendable { case endless, pipe, directory, linkOut, garbage, missing }

    @Test(
        "an /etc/passwd that is endless, no file, of nonsense, or leads out of the image costs no time and names nobody",
        arguments: Accounts.allCases)
    func accounts(_ kind: Accounts) async throws {
        try await withPod { pod, supervisor in
            let path = "\(pod.base)/layers/root/etc/passwd"
            try FileManager.default.removeItem(atPath: path)
            switch kind {
            case .endless:
                let file = try Descriptor.open(path, O_WRONLY | O_CREAT, mode: 0o644)
                try file.writeAll([UInt8](repeating: 0x78, count: 2 << 20))
                try retrying("ftruncate") { [raw = file.raw] in ftruncate(raw, 1 << 36) }
                try Descriptor.open(path, O_WRONLY | O_APPEND).writeAll("\nnode:x:0:0::/:\n".utf8)
            case .pipe: mkfifo(path, 0o644)
            case .directory: mkdir(path, 0o755)
            case .linkOut:
                try "node:x:0:0::/:\n".write(toFile: "\(pod.base)/passwd", atomically: true, encoding: .utf8)
                symlink("../../../passwd", path)
            case .garbage:
                try Descriptor.open(path, O_WRONLY | O_CREAT, mode: 0o644).writeAll(
                    "node\nnode:x\nnode:x:y:z:a:b\nnode:x:-1:0::/:\n:::::::::\nnode:x:4294967296:0::/:\n".utf8)
            case .missing: break
            }
            let clock = ContinuousClock()
            let start = clock.now

            let error = await #expect(throws: SupervisorError.self) {
                try await pod.start(supervisor, "c1", ["true"], user: "node")
            }
            #expect(clock.now - start < .seconds(30 * patience))
            guard case .failed(let failure) = error else { return }
            #expect(failure.sentence.hasPrefix("cannot find the user: the image's /etc/passwd has no user \""))
        }
    }

    @Test("more groups than a process needs are refused, not cut short")
    func groups() async throws {
        try await withPod { pod, supervisor in
            let lines = (0..<400).map { "g\($0):x:\(1000 + $0):web\n" }.joined()
            try lines.write(toFile: "\(pod.base)/layers/root/etc/group", atomically: true, encoding: .utf8)

            let error = await #expect(throws: SupervisorError.self) {
                try await pod.start(supervisor, "c1", ["true"], user: "web")
            }
            guard case .failed(let failure) = error else { return }
            #expect(failure.sentence == "cannot find the user: more than 256 groups")
        }
    }

    @Test("no exec joins another process that has got the number of a container's")
    func recycledNumber() async throws {
        try await withPod { pod, supervisor in
            let pid = try await pod.start(supervisor, "c1", ["true"]).pid
            for _ in 0..<400 * patience {
                guard
                    try await supervisor.currentState().contains(where: { $0.id == Array("c1".utf8) && $0.exit == nil })
                else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            // Whoever is born next may get it: with luck one of these.
            let output = try Linux.Pipe()
            let script = """
                for try in $(seq 50); do
                    echo \(pid - 1) > /proc/sys/kernel/ns_last_pid
                    sleep 30 & [ $! = \(pid) ] && echo found && exit 0; kill $!
                done; echo missed
                """
            let shell = try spawn(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
                descriptors: [1: output.writing.raw])
            let reading = output.intoReading()
            let outcome = try reading.readLine()
            defer { if outcome == "found" { kill(pid, SIGKILL) } }
            _ = try shell.reap()

            let error = await #expect(throws: SupervisorError.self, "the number was \(outcome ?? "-")") {
                _ = try await pod.exec(supervisor, "e1", in: "c1", ["true"])
            }
            guard case .failed(let failure) = error else { return }
            #expect(failure.stage == RequestFailure.notRunning)
        }
    }

    @Test("the supervisor's socket is for root alone")
    func socket() async throws {
        try await withPod { pod, _ in
            var status = stat()
            #expect(lstat("\(pod.run)/socket", &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(lstat("\(pod.run)/exits", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("low ports and ping need no capability in a Pod's own network")
    func ports() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(
                supervisor, "c1",
                ["sh", "-c", "cd /proc/sys/net/ipv4; cat ip_unprivileged_port_start ping_group_range; sleep 1000"],
                user: "web")
            for _ in 0..<400 * patience {
                guard pod.log("c1").count < 2 else { break }
                try await Task.sleep(for: .milliseconds(5))
            }

            #expect(pod.rawLog("c1").split(separator: "\n").first == "0")
            #expect(pod.rawLog("c1").contains("2147483647"))
        }
    }

    @Test("each process has a session keyring of its own")
    func keyring() async throws {
        try await withPod { pod, supervisor in
            try pod.addProber()
            var rings: [String] = []
            for id in ["c1", "c2"] {
                var request = try pod.startRequest(id, ["sh", "-c", "prober; sleep 1000"])
                request.process.seccompFilter = []
                try await pod.start(supervisor, request)
                for _ in 0..<2000 * patience {
                    guard !pod.rawLog(id).contains("end .") else { break }
                    try await Task.sleep(for: .milliseconds(5))
                }
                rings.append(Probe(pod.rawLog(id)).facts["keyring"] ?? "-")
            }
            let exec = try await pod.exec(supervisor, "e1", in: "c1", ["prober"]) { $0.seccompFilter = [] }.output
            rings.append(Probe(exec).facts["keyring"] ?? "-")

            // A kernel without keyrings has none to share.
            if rings.contains("-1") { return }
            #expect(Set(rings).count == 3, "\(rings)")
        }
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
