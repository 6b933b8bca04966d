import Dispatch
import Glibc
import NodeRuntime

/// Runs `body`; SIGTERM, SIGINT and SIGHUP go to the program meanwhile, whose end is then the end.
func forwardingSignals<Result: Sendable>(
    to program: ContainerExec, _ body: () async throws -> Result
) async throws -> Result {
    let (signals, received) = AsyncStream.makeStream(of: Int32.self)
    let sources = [SIGTERM, SIGINT, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { received.yield(number) }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    let forwarding = Task {
        // One that comes too late meets nobody.
        for await number in signals { try? await program.signal(number) }
    }
    defer { forwarding.cancel() }
    return try await body()
}
