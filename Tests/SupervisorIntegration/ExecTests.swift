import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("Exec into a container", .ownThreads)
struct ExecTests {
    @Test("an exec joins the container's namespaces, and its output comes through the client's pipes")
    func pipes() async throws {
        try await withContainer { pod, supervisor, exits in
            let (_, output) = try await pod.exec(
                supervisor, "e1", in: "c1",
                ["sh", "-c", "hostname; ls /proc/1/exe >/dev/null && cat /proc/1/cmdline; exit 5"])
            let exit = await exits.next()

            #expect(output.hasPrefix("web-0\nsleep"))
            #expect(exit?.code == 5)
        }
    }

    @Test("an exec holds no more than the container does")
    func confinement() async throws {
        try await withContainer { pod, supervisor, _ in
            let script =
                "ls /proc/self/fd; grep -E '^Cap(Eff|Bnd|Inh)' /proc/self/status; readlink /proc/self/ns/pid; readlink /proc/1/ns/pid"
            let (_, output) = try await pod.exec(supervisor, "e1", in: "c1", ["sh", "-c", script])

            let lines = output.split(separator: "\n").map { $0.filter { !$0.isWhitespace } }
            #expect(lines.prefix(4) == ["0", "1", "2", "3"])
            #expect(lines.contains("CapBnd:00000000800405fb"))
            #expect(lines.contains("CapInh:0000000000000000"))
            #expect(lines.suffix(2).first == lines.last)
        }
    }

    @Test("an exec with a terminal gets the container's own devpts; the master goes to the client")
    func terminal() async throws {
        try await withContainer { pod, supervisor, _ in
            var request = ExecRequest()
            request.container = Array("c1".utf8)
            request.exec = Array("e1".utf8)
            request.process.arguments = ["sh", "-c", "tty; stty size; read x; echo got $x"].map { Array($0.utf8) }
            request.process.environment = [Array("PATH=/bin".utf8)]
            request.process.terminal = true
            (request.process.rows, request.process.columns) = (33, 101)
            request.deadlineMilliseconds = 5_000
            let started = try await supervisor.exec(request, descriptors: [])
            guard let master = started.descriptors.take(0) else {
                Issue.record("no terminal came with the answer")
                return
            }
            try master.writeAll(Array("abc\n".utf8))

            var output = ""
            var chunk = [UInt8](repeating: 0, count: 1024)
            // A terminal whose last user is gone answers EIO.
            while true {
                let count = read(master.raw, &chunk, chunk.count)
                if count <= 0 { break }
                output += String(decoding: chunk[..<count], as: UTF8.self)
            }
            #expect(output.contains("/dev/pts/0"))
            #expect(output.contains("33 101"))
            #expect(output.contains("got abc"))
        }
    }

    @Test("a terminal that changes its size tells the program")
    func resize() async throws {
        try await withContainer { pod, supervisor, _ in
            var request = ExecRequest()
            request.container = Array("c1".utf8)
            request.exec = Array("e1".utf8)
            let script = "trap 'stty size; exit 0' WINCH; echo ready; while :; do usleep 10000; done"
            request.process.arguments = ["sh", "-c", script].map { Array($0.utf8) }
            request.process.environment = [Array("PATH=/bin".utf8)]
            request.process.terminal = true
            (request.process.rows, request.process.columns) = (24, 80)
            request.deadlineMilliseconds = 5_000
            let started = try await supervisor.exec(request, descriptors: [])
            guard let master = started.descriptors.take(0) else {
                Issue.record("no terminal came along")
                return
            }
            var output = ""
            var chunk = [UInt8](repeating: 0, count: 1024)
            while !output.contains("ready") {
                let count = read(master.raw, &chunk, chunk.count)
                output += String(decoding: chunk[..<max(0, count)], as: UTF8.self)
            }

            var size = winsize(ws_row: 50, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
            #expect(ioctl(master.raw, UInt(TIOCSWINSZ), &size) == 0)
            while case let count = read(master.raw, &chunk, chunk.count), count > 0 {
                output += String(decoding: chunk[..<count], as: UTF8.self)
            }

            #expect(output.contains("50 132"))
        }
    }

    @Test(
        "an exec that ends with its client is ended with all it started, and leaves no record",
        arguments: [true, false])
    func clientGone(isDeaf: Bool) async throws {
        try await withContainer { pod, supervisor, _ in
            let client = try await pod.connect()
            var request = ExecRequest()
            request.container = Array("c1".utf8)
            request.exec = Array("e1".utf8)
            let script = (isDeaf ? "trap '' HUP; " : "") + "sleep 1000 & sleep 1000 & wait"
            request.process.arguments = ["sh", "-c", script].map { Array($0.utf8) }
            request.process.environment = [Array("PATH=/bin".utf8)]
            request.deadlineMilliseconds = 5_000
            request.endsWithClient = true
            _ = try await client.exec(request, descriptors: [])
            for _ in 0..<100 * patience {
                guard pod.processes("/pod/c1").count < 4 else { break }
                try await Task.sleep(for: .milliseconds(10))
            }

            client.disconnect()

            #expect(try await left(in: pod, atMost: 1) == 1)
            for _ in 0..<100 * patience {
                guard try await supervisor.currentState().contains(where: { $0.kind == StateEntry.exec }) else { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await supervisor.currentState().allSatisfy { $0.kind != StateEntry.exec })
        }
    }

    @Test("a set-user-ID program gains rights only where new privileges are allowed", arguments: [true, false])
    func setUserID(isForbidden: Bool) async throws {
        try await withContainer { pod, supervisor, _ in
            let root = "\(pod.base)/rw/c1/upper"
            let script = """
                for file in /usr/bin/id $(ldd /usr/bin/id | grep -o '/[^ ]*'); do
                    mkdir -p "\(root)$(dirname $file)"; cp -L $file "\(root)$file"
                done
                chmod 4755 \(root)/usr/bin/id
                """
            #expect(try spawn(executable: "/bin/sh", arguments: ["-euc", script]).reap() == .exited(0))
            var request = ExecRequest()
            request.container = Array("c1".utf8)
            request.exec = Array("e1".utf8)
            request.process.arguments = ["/usr/bin/id", "-u"].map { Array($0.utf8) }
            request.process.environment = [Array("PATH=/bin".utf8)]
            request.process.user = Array("web".utf8)
            request.process.capabilities = DefaultCapabilities.mask
            request.process.noNewPrivileges = isForbidden
            request.deadlineMilliseconds = 10_000
            request.roles = [DescriptorRole.standardOutput, DescriptorRole.standardError]
            let output = try Linux.Pipe()

            _ = try await supervisor.exec(request, descriptors: [output.writing.raw, output.writing.raw])

            let text = String(decoding: try output.intoReading().readToEnd(), as: UTF8.self)
            #expect(text == (isForbidden ? "101\n" : "0\n"))
        }
    }

    @Test("an exec that outlives its time is killed with all it started")
    func timeout() async throws {
        try await withContainer { pod, supervisor, exits in
            let script = "sleep 1000 & sleep 1000"
            let (_, _) = try await pod.exec(
                supervisor, "e1", in: "c1", ["sh", "-c", script], timeout: .milliseconds(200))
            let exit = await exits.next()

            #expect(exit?.signal == 9)
            #expect(try await left(in: pod, atMost: 1) == 1)
        }
    }

    @Test("an exec that is answered at its end says how it ended, and nothing is left to acknowledge")
    func answeredAtEnd() async throws {
        try await withContainer { pod, supervisor, _ in
            let output = try Linux.Pipe()
            let exit = try await supervisor.run(
                request("sh", "-c", "echo well; exit 3"), descriptors: [output.writing.raw], within: .seconds(600))

            #expect(exit.code == 3 && exit.signal == 0 && exit.id == Array("e1".utf8))
            #expect(exit.startedAt > 0 && exit.finishedAt > exit.startedAt)
            let line = try output.intoReading().readLine()
            #expect(line == "well")
            #expect(try await supervisor.currentState().allSatisfy { $0.kind != StateEntry.exec })
        }
    }

    @Test("an exec that is answered at its end, and not born, is answered with the step that failed")
    func answeredAtEndUnborn() async throws {
        try await withContainer { pod, supervisor, _ in
            let error = await #expect(throws: SupervisorError.self) {
                _ = try await supervisor.run(request("/bin/nothing"), descriptors: [], within: .seconds(600))
            }

            #expect(
                "\(error as (any Error)? ?? CancellationError())" == "exec: \"/bin/nothing\": no such file or directory"
            )
            let state = try await supervisor.currentState()
            #expect(state.allSatisfy { $0.kind != StateEntry.exec })
        }
    }

    @Test("an exec that is answered at its end is killed with all it started when its time, from its birth, is over")
    func answeredAtEndTimeout() async throws {
        try await withContainer { pod, supervisor, _ in
            var request = request("sh", "-c", "sleep 1000 & sleep 1000")
            request.timeoutMilliseconds = 200
            let exit = try await supervisor.run(request, descriptors: [], within: .seconds(600))

            #expect(exit.signal == 9)
            #expect(exit.finishedAt - exit.startedAt >= 200_000_000)
            #expect(try await left(in: pod, atMost: 1) == 1)
        }
    }

    @Test("an exec that is answered at its end ends with its client, and while it runs it is seen to")
    func answeredAtEndClientGone() async throws {
        try await withContainer { pod, supervisor, _ in
            let client = try await pod.connect()
            let running = Task { [request = request("sh", "-c", "sleep 1000 & sleep 1000 & wait")] in
                try await client.run(request, descriptors: [], within: .seconds(600))
            }
            for _ in 0..<3000 * patience {
                guard pod.processes("/pod/c1").count < 4 else { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            let state = try await supervisor.currentState().first { $0.kind == StateEntry.exec }
            #expect(state?.phase == .running && (state?.startedAt ?? 0) > 0)

            client.disconnect()

            await #expect(throws: SupervisorError.self) { try await running.value }
            #expect(try await left(in: pod, atMost: 1) == 1)
        }
    }

    @Test("execs after each other share a cgroup, but not with what one of them left behind")
    func cgroups() async throws {
        try await withContainer { pod, supervisor, _ in
            let groups = {
                try FileManager.default.contentsOfDirectory(atPath: "\(pod.unified)/pod/c1")
                    .filter { $0.hasPrefix("exec-") }
            }
            for _ in 0..<3 { _ = try await supervisor.run(request("true"), descriptors: [], within: .seconds(600)) }
            let first = try groups()
            #expect(first.count == 1)

            _ = try await supervisor.run(
                request("sh", "-c", "sleep 1000 >/dev/null 2>&1 &"), descriptors: [], within: .seconds(600))
            var limited = request("sleep", "1000")
            limited.timeoutMilliseconds = 50
            #expect(try await supervisor.run(limited, descriptors: [], within: .seconds(600)).signal == 9)

            #expect(try await left(in: pod, atMost: 2) == 2, "what runs in the background of another exec was killed")
            #expect(Set(try groups()).isSuperset(of: first))
        }
    }

    @Test("an exec runs though the one before it was killed")
    func afterKill() async throws {
        try await withContainer { _, supervisor, _ in
            var limited = request("sleep", "1000")
            limited.timeoutMilliseconds = 50
            #expect(try await supervisor.run(limited, descriptors: [], within: .seconds(600)).signal == 9)

            for _ in 0..<2 {
                let exit = try await supervisor.run(request("true"), descriptors: [], within: .seconds(600))
                #expect(exit.code == 0)
            }
        }
    }

    private func request(_ arguments: String...) -> ExecRequest {
        var request = ExecRequest()
        request.container = Array("c1".utf8)
        request.exec = Array("e1".utf8)
        request.process.arguments = arguments.map { Array($0.utf8) }
        request.process.environment = [Array("PATH=/bin".utf8)]
        request.deadlineMilliseconds = 10_000 * UInt64(patience)
        request.roles = [DescriptorRole.standardOutput]
        request.endsWithClient = true
        return request
    }

    @Test("an exec into a container that does not run says so")
    func notRunning() async throws {
        try await withContainer { pod, supervisor, _ in
            let error = await #expect(throws: SupervisorError.self) {
                _ = try await pod.exec(supervisor, "e1", in: "other", ["true"])
            }
            #expect("\(error as (any Error)? ?? CancellationError())" == "no such container or exec in this Pod")
        }
    }

    @Test("a program that is not there is reported by its name")
    func missingProgram() async throws {
        try await withContainer { pod, supervisor, _ in
            let error = await #expect(throws: SupervisorError.self) {
                _ = try await pod.exec(supervisor, "e1", in: "c1", ["/bin/nothing"])
            }
            #expect(
                "\(error as (any Error)? ?? CancellationError())" == "exec: \"/bin/nothing\": no such file or directory"
            )
        }
    }

    private func withContainer(
        _ body: (PodFixture, Supervisor, inout AsyncStream<Exit>.Iterator) async throws -> Void
    ) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let exits = AsyncStream.makeStream(of: Exit.self)
        let supervisor = try await pod.launch { if case .execExited(let exit) = $0 { exits.continuation.yield(exit) } }
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "c1", ["sleep", "1000"])
        var iterator = exits.stream.makeAsyncIterator()
        try await body(pod, supervisor, &iterator)
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }

    /// How many processes the container has once no more than so many are left: who is killed is gone a moment later.
    private func left(in pod: PodFixture, atMost count: Int) async throws -> Int {
        for _ in 0..<3000 * patience {
            guard pod.processes("/pod/c1").count > count else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        return pod.processes("/pod/c1").count
    }
}
