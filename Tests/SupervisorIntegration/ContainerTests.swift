import Foundation
import Glibc
import NodeRuntime
import SupervisorCore
import Testing

@Suite("A container under its supervisor")
struct ContainerTests {
    @Test("a container is born, prints, exits, and its exit waits to be acknowledged")
    func lifeOfAContainer() async throws {
        let pod = try PodFixture()
        let exits = AsyncStream.makeStream(of: Exit.self)
        let supervisor = try await pod.launch {
            if case .containerExited(let exit) = $0 { exits.continuation.yield(exit) }
        }
        try await pod.createSandbox(supervisor)

        let started = try await pod.start(supervisor, "c1", ["sh", "-c", "echo hello; echo again >&2; exit 3"])
        var told = exits.stream.makeAsyncIterator()
        let exit = await told.next()

        #expect(started.pid > 0)
        #expect(exit?.code == 3)
        #expect(pod.log("c1").sorted() == ["again", "hello"])
        #expect(try await supervisor.currentState().first { $0.kind == StateEntry.container }?.exit?.code == 3)
        try await supervisor.acknowledge(container: "c1")
        #expect(try await supervisor.currentState().filter { $0.kind == StateEntry.container }.isEmpty)
        try await supervisor.shutDown()
        pod.clean()
    }
}
