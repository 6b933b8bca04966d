import Foundation
import Glibc
import Linux
import NodeRuntime
import PodFixture
import SupervisorCore
import Testing

@Suite("Exec into a container")
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

    @Test("an exec that outlives its time is killed with all it started")
    func timeout() async throws {
        try await withContainer { pod, supervisor, exits in
            let script = "sleep 1000 & sleep 1000"
            let (_, _) = try await pod.exec(
                supervisor, "e1", in: "c1", ["sh", "-c", script], timeout: .milliseconds(200))
            let exit = await exits.next()

            #expect(exit?.signal == 9)
            #expect(pod.processes("/pod/c1").count == 1)
        }
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
}
