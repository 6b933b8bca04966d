import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("What an image, a manifest or a client may try", .ownThreads)
struct HostileTests {
    /// Numbers of descriptors that a careless birth would leave open until its exec.
    private static let numbers = Array(3...40)

    @Test("no command reaches the node's files through a descriptor that a birth holds")
    func commandThroughDescriptor() async throws {
        try await withPod { pod, supervisor in
            // Each of the node's directories leads to its root in few steps; the file is not in the image.
            try await pod.start(supervisor, "neighbour", ["sleep", "1000"])
            for number in Self.numbers {
                let path = "/proc/self/fd/\(number)/../../../../../../../../../bin/busybox"
                try? FileManager.default.removeItem(atPath: "\(pod.base)/layers/root/bin/never")
                let error = await #expect(throws: SupervisorError.self, "descriptor \(number)") {
                    try await pod.start(supervisor, "c\(number)", [path, "true"])
                }
                guard case .failed(let failure) = error else { continue }
                #expect(failure.stage == 12)
                try await acknowledge("c\(number)", supervisor)
            }
        }
    }

    @Test("no working directory is made on the node")
    func directoryThroughDescriptor() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, "neighbour", ["sleep", "1000"])
            for number in Self.numbers {
                var request = try pod.startRequest("c\(number)", ["true"])
                let path = "/proc/self/fd/\(number)/../../../../../../../../..\(pod.base)/planted"
                request.process.directory = Array(path.utf8)
                _ = try? await pod.start(supervisor, request)
                #expect(!FileManager.default.fileExists(atPath: "\(pod.base)/planted"))
            }
        }
    }

    @Test("a /dev/null that the container replaced is not used for an exec's streams")
    func plantedNull() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(
                supervisor, "c1", ["sh", "-c", "rm /dev/null; ln -s /etc/passwd /dev/null; echo ready; sleep 1000"])
            while pod.log("c1").isEmpty { try await Task.sleep(for: .milliseconds(5)) }

            let error = await #expect(throws: SupervisorError.self) {
                _ = try await pod.exec(supervisor, "e1", in: "c1", ["true"])
            }
            guard case .failed(let failure) = error else { return }
            #expect(failure.stage == 11)
        }
    }

    @Test("the supervisor's own program cannot be changed through /proc/PID/exe")
    func ownProgram() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()

        let changed = chmod("/proc/\(supervisor.pid)/exe", 0o700)
        #expect(changed == -1 && errno == EROFS)
        try await supervisor.shutDown()
    }

    @Test("a mount point at the end of a dangling link is made inside the root")
    func danglingLink() async throws {
        try await withPod { pod, supervisor in
            symlink("../run/systemd/resolve/stub-resolv.conf", "\(pod.base)/layers/root/etc/resolv.conf")
            try "nameserver 10.0.0.1\n".write(toFile: "\(pod.base)/resolv", atomically: true, encoding: .utf8)
            var request = try pod.startRequest("c1", ["sh", "-c", "cat /etc/resolv.conf; sleep 1000"])
            request.steps.append(
                MountStep(
                    kind: MountStep.bind, target: Array("/etc/resolv.conf".utf8),
                    source: Array("\(pod.base)/resolv".utf8)))
            try await pod.start(supervisor, request)

            while pod.log("c1").isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            #expect(pod.log("c1") == ["nameserver10.0.0.1"] || pod.log("c1") == ["nameserver 10.0.0.1"])
        }
    }

    @Test("a container that closes one of its streams costs nobody any time")
    func halfClosed() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, "c1", ["sh", "-c", "exec 2>&1; echo up; sleep 1000"])
            while pod.log("c1").isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(200))
            let before = try ticks(pod)

            try await Task.sleep(for: .seconds(1))

            #expect(try ticks(pod) - before <= 1, "supervisor or logger spins")
        }
    }

    @Test("numbers beyond all reason are refused or bounded; the Pod lives on")
    func hugeNumbers() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, "c1", ["sleep", "1000"])
            var exec = ExecRequest()
            exec.container = Array("c1".utf8)
            exec.exec = Array("e1".utf8)
            exec.process.arguments = [Array("true".utf8)]
            exec.process.environment = [Array("PATH=/bin".utf8)]
            exec.timeoutMilliseconds = .max
            exec.deadlineMilliseconds = .max
            _ = try await supervisor.exec(exec, descriptors: [])
            await #expect(throws: SupervisorError.self) { try await supervisor.signal(exec: "e1", .max) }
            await #expect(throws: SupervisorError.self) {
                try await supervisor.stop(container: "c1", signal: 4000, grace: .seconds(1))
            }
            let long = String(repeating: "x", count: 200)
            await #expect(throws: SupervisorError.self) { try await pod.start(supervisor, long, ["true"]) }

            #expect(try await supervisor.currentState().contains { $0.id == Array("c1".utf8) && $0.phase == .running })
        }
    }

    @Test("execs that nobody acknowledges go with the client that asked for them")
    func forgottenExecs() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, "c1", ["sleep", "1000"])
            let client = try await pod.connect()
            for number in 0..<20 { _ = try await pod.exec(client, "e\(number)", in: "c1", ["true"]) }
            client.disconnect()

            for _ in 0..<200 {
                if try await supervisor.currentState().allSatisfy({ $0.kind != StateEntry.exec }) { return }
                try await Task.sleep(for: .milliseconds(10))
            }
            Issue.record("execs are left in the supervisor's state")
        }
    }

    @Test("a stop that comes during the birth keeps its whole grace")
    func stopDuringBirth() async throws {
        try await withPod { pod, supervisor in
            let script = "trap 'sleep 1; echo cleaned; exit 5' TERM; echo ready; while :; do usleep 10000; done"
            var request = try pod.startRequest("c1", ["sh", "-c", script], deadline: 400)
            request.deadlineMilliseconds = 400
            async let started = pod.start(supervisor, request)
            _ = try await started
            for _ in 0..<500 * patience {
                if pod.log("c1") == ["ready"] { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            try await supervisor.stop(container: "c1", signal: SIGTERM, grace: .seconds(30))

            for _ in 0..<2000 * patience {
                guard try await supervisor.currentState().contains(where: { $0.kind == 2 && $0.exit == nil }) else {
                    break
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(pod.log("c1") == ["ready", "cleaned"])
        }
    }

    @Test("a container that changed its user goes with a killed supervisor too")
    func changedUser() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        // A change of user clears the death signal, as gosu and su-exec do; the node's setpriv does the same here.
        try copyWithLibraries("/usr/bin/setpriv", into: "\(pod.base)/layers/root")
        try await pod.start(
            supervisor, "c1",
            ["/usr/bin/setpriv", "--reuid=101", "--regid=102", "--clear-groups", "sh", "-c", "echo up; sleep 1000"])
        while pod.log("c1").isEmpty { try await Task.sleep(for: .milliseconds(5)) }

        kill(supervisor.pid, SIGKILL)
        for _ in 0..<2000 * patience {
            guard !pod.processes("/pod").isEmpty else { break }
            try await Task.sleep(for: .milliseconds(5))
        }

        #expect(pod.processes("/pod").isEmpty)
        let again = try await pod.launch()
        try await again.shutDown()
    }

    private func copyWithLibraries(_ program: String, into root: String) throws {
        let script = """
            for file in \(program) $(ldd \(program) | grep -o '/[^ ]*'); do
                mkdir -p "\(root)$(dirname $file)"; cp -L $file "\(root)$file"
            done
            """
        let child = try spawn(executable: "/bin/sh", arguments: ["-euc", script])
        #expect(try child.reap() == .exited(0))
    }

    private func acknowledge(_ id: String, _ supervisor: Supervisor) async throws {
        for _ in 0..<200 {
            do { return try await supervisor.acknowledge(container: id) } catch SupervisorError.failed {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// CPU time of supervisor and logger, in clock ticks.
    private func ticks(_ pod: PodFixture) throws -> Int {
        try pod.processes("/supervisors").reduce(0) { sum, pid in
            let fields = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8).split(separator: " ")
            return sum + (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)
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
