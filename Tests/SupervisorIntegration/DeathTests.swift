import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Synchronization
import Testing

@Suite("Deaths of a supervisor's family", .ownThreads)
struct DeathTests {
    @Test("a killed supervisor takes its Pod with it and leaves its exit records")
    func supervisorKilled() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let ended = AsyncStream.makeStream(of: Void.self)
        let supervisor = try await pod.launch { event in if case .gone = event { ended.continuation.yield() } }
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "done", ["sh", "-c", "exit 4"])
        try await pod.start(supervisor, "c1", ["sh", "-c", "sleep 1000 & sleep 1000"])
        let (_, _) = try await pod.exec(supervisor, "e1", in: "c1", ["true"])
        while try await supervisor.currentState().contains(where: { $0.id == Array("done".utf8) && $0.exit == nil }) {}

        kill(supervisor.pid, SIGKILL)
        for await _ in ended.stream { break }
        for _ in 0..<2000 * patience {
            guard !pod.processes("/pod").isEmpty else { break }
            try await Task.sleep(for: .milliseconds(5))
        }

        #expect(pod.processes("/pod").isEmpty)
        for _ in 0..<2000 * patience {
            guard !pod.processes("/supervisors").isEmpty else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(pod.processes("/supervisors").isEmpty, "the logger outlived its supervisor")
        let file = try Descriptor.open("\(pod.run)/exits").readToEnd()
        #expect(ExitRecord.decodeAll(file).map(\.code) == [4])
        #expect(throws: (any Error).self) { _ = try UnixSocket(connectingTo: "socket", in: pod.run) }
    }

    @Test("a killed pause is told; the containers run on until somebody decides")
    func pauseKilled() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let deaths = AsyncStream.makeStream(of: Void.self)
        let supervisor = try await pod.launch { event in if case .sandboxDied = event { deaths.continuation.yield() } }
        let sandbox = try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "c1", ["sleep", "1000"])

        kill(sandbox.pid, SIGKILL)
        for await _ in deaths.stream { break }

        let state = try await supervisor.currentState()
        #expect(state.first { $0.kind == StateEntry.sandbox }?.phase == .exited)
        #expect(state.first { $0.kind == StateEntry.container }?.phase == .running)
        let error = await #expect(throws: SupervisorError.self) { try await pod.start(supervisor, "c2", ["true"]) }
        #expect("\(error as (any Error)? ?? CancellationError())".hasPrefix("the Pod has no sandbox"))
        try await supervisor.shutDown()
    }

    @Test("a killed logger is replaced; no writer is blocked or broken")
    func loggerKilled() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let exits = AsyncStream.makeStream(of: Exit.self)
        let supervisor = try await pod.launch {
            if case .containerExited(let exit) = $0 { exits.continuation.yield(exit) }
        }
        try await pod.createSandbox(supervisor)
        try await pod.start(
            supervisor, "c1", ["sh", "-c", "for i in $(seq 1 300); do echo line $i; usleep 2000; done; exit 6"])
        try await Task.sleep(for: .milliseconds(150))

        let logger = try #require(pod.processes("/supervisors").first { $0 != supervisor.pid })
        kill(logger, SIGKILL)
        var iterator = exits.stream.makeAsyncIterator()
        let exit = await iterator.next()

        #expect(exit?.code == 6)
        #expect(pod.log("c1").last == "line 300")
        try await supervisor.shutDown()
    }

    @Test("two supervisors for one Pod cannot be")
    func onlyOne() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()

        let error = await #expect(throws: SupervisorError.self) { _ = try await pod.launch() }
        #expect("\(error as (any Error)? ?? CancellationError())".hasSuffix("the Pod has a supervisor already"))
        try await supervisor.shutDown()
    }

    @Test(
        "nonsense on the socket ends that connection alone",
        arguments: [
            [UInt8](repeating: 0xFF, count: 64), Array("GET / HTTP/1.1\r\n\r\n".utf8),
            [0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0],
            [6, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0xFF, 0xFF, 0, 0],
        ])
    func nonsense(bytes: [UInt8]) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        let socket = try UnixSocket(connectingTo: "socket", in: pod.run)
        try socket.send(bytes)
        try await Task.sleep(for: .milliseconds(30))

        #expect(try await supervisor.currentState().isEmpty)
        try await supervisor.shutDown()
    }

    @Test("a resting supervisor does not wake")
    func rest() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "c1", ["sleep", "1000"])
        try await Task.sleep(for: .milliseconds(300))
        func switches() throws -> [Int] {
            try pod.processes("/supervisors").sorted().map { pid in
                let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
                return status.split(separator: "\n").filter { $0.contains("ctxt_switches") }
                    .compactMap { Int($0.split(whereSeparator: \.isWhitespace).last ?? "") }.reduce(0, +)
            }
        }

        let before = try switches()
        try await Task.sleep(for: .seconds(3))

        #expect(try switches() == before)
        #expect(before.count == 2)
        try await supervisor.shutDown()
    }

    @Test("a supervisor that reads nothing for a while is waited for, however much was sent to it")
    func stoppedReader() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let ended = Mutex(false)
        let supervisor = try await pod.launch { event in
            if case .gone = event { ended.withLock { $0 = true } }
        }
        try await pod.createSandbox(supervisor)
        var request = try pod.startRequest("c1", ["sleep", "1000"])
        // More than the socket's buffer holds.
        request.process.environment += (0..<10).map { Array("V\($0)=".utf8) + Array(repeating: 0x78, count: 100_000) }
        let (stopped, pid) = (request, supervisor.pid)
        kill(pid, SIGSTOP)
        // From a thread of its own: other tests may hold those that tasks run on.
        try startThread {
            usleep(4_000_000)
            kill(pid, SIGCONT)
        }

        async let started = pod.start(supervisor, stopped)
        async let other = pod.exec(supervisor, "e1", in: "c1", ["echo", "later"])

        #expect(try await started.pid > 0)
        _ = try? await other
        #expect(try await supervisor.currentState().contains { $0.id == Array("c1".utf8) && $0.phase == .running })
        #expect(ended.withLock { $0 } == false)
        try await supervisor.shutDown()
    }

    @Test("a stopped supervisor whose queue is full is silent, not gone, and nobody waits for it for ever")
    func fullQueue() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        kill(supervisor.pid, SIGSTOP)
        var waiting: [DescriptorBag] = []
        while waiting.count < 200, let socket = try? UnixSocket(connectingTo: "socket", in: pod.run) {
            waiting.append(DescriptorBag(owning: [try socket.descriptor.duplicate().release()]))
        }

        let error = await #expect(throws: SupervisorError.self) { _ = try await pod.connect() }
        guard case .silent = error else {
            Issue.record("expected silence, got \(String(describing: error))")
            return
        }
        kill(supervisor.pid, SIGCONT)
    }
}
