import Linux
import PodModel

@testable import Probes

/// Where all tests wait.
private let poller = Result { try Poller() }

/// A prober for one test.
func withProber<Result>(
    _ executor: any ProbeExecutor = NoExecutor(), _ body: (NodeProber) async throws -> Result
) async throws -> Result {
    let dialer = ProbeDialer(poller: try poller.get())
    do {
        let result = try await body(NodeProber(dialer: dialer, executor: executor))
        try await dialer.shutDown()
        return result
    } catch {
        try await dialer.shutDown()
        throw error
    }
}

extension NodeProber {
    /// Tries once, at a container whose Pod has the address 127.0.0.1.
    func once(
        _ handler: ProbeHandler, address: String? = "127.0.0.1", ports: [String: UInt16] = [:],
        timeout: Duration = .seconds(300)
    ) async -> ProbeOutcome {
        let container = ProbedContainer(
            pod: PodUID("pod"), name: "web", id: ContainerID("web-1"),
            startedAt: BootTime(nanoseconds: 0),
            probes: ContainerProbes(), address: address, ports: ports)
        return await probe(handler, of: container, timeout: timeout)
    }
}

struct NoExecutor: ProbeExecutor {
    func run(
        _ command: [String], in container: ProbedContainer, timeout: Duration, outputLimit: Int
    ) async throws -> ProbeExecution { .timedOut }
}

extension ProbeHandler {
    static func http(_ port: UInt16, _ path: String = "/", _ headers: [HTTPGetProbe.Header] = []) -> ProbeHandler {
        .httpGet(HTTPGetProbe(port: .number(port), path: path, headers: headers))
    }
}
