import Foundation
import Glibc
import Linux
import PodModel
import Probes
import SupervisorCore
import Synchronization
import Testing

@testable import NodeRuntime

@Suite("Pods whose supervisor is of an earlier release", .timeLimit(.minutes(10)))
struct EarlierSupervisorTests {
    @Test(
        "their exec probes are tried by what it can: it answers the birth, tells of the end, and is told that this is known"
    )
    func execs() async throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "earlier-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: base) }
        let paths = NodePaths(
            stateDirectory: "\(base)/state", runDirectory: "\(base)/run", logDirectory: "\(base)/logs")
        let pod = PodUID("earlier")
        let supervisor = try EarlierSupervisor(in: paths.run(of: pod))
        let (poller, events) = (try Poller(), RuntimeEvents())
        let connections = SupervisorConnections(paths: paths, poller: poller) { events.hear($0, from: $1) }
        let executor = SupervisedExecutor(connections: connections, events: events, poller: poller) { _ in ProcessPlan()
        }
        let container = ProbedContainer(
            pod: pod, name: "web", id: ContainerID("web-1"), startedAt: BootTime(nanoseconds: 0),
            probes: ContainerProbes())

        let execution = try await executor.run(["check"], in: container, timeout: .seconds(1), outputLimit: 100)

        #expect(execution == .exited(code: 3, output: ""))
        #expect(supervisor.asked == [MessageType.hello, MessageType.exec, MessageType.acknowledge])
        connections.forget(pod)
    }
}

/// A supervisor that knows nothing of execs that are answered at their end.
private final class EarlierSupervisor: Sendable {
    private let types = Mutex<[UInt16]>([])

    /// The kinds of requests that came.
    var asked: [UInt16] { types.withLock { $0 } }

    /// Listens for one connection.
    init(in directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(directory)/socket".utf8) }
        try retrying("bind", directory) {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        try retrying("listen", directory) { listen(listener, 1) }
        try startThread { [self] in
            let connection = Descriptor(owning: accept(listener, nil, nil))
            close(listener)
            // Whoever asked has what it wanted, or the test fails by that.
            try? serve(connection)
        }
    }

    private func serve(_ connection: borrowing Descriptor) throws {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(connection.raw, &chunk, chunk.count)
            if count <= 0 { return }
            bytes += chunk.prefix(count)
            while let header = try FrameHeader(bytes[...]), bytes.count >= FrameHeader.size + header.length {
                let body = Array(bytes[FrameHeader.size..<FrameHeader.size + header.length])
                bytes.removeFirst(FrameHeader.size + header.length)
                types.withLock { $0.append(header.type) }
                try answer(header, body, connection)
            }
        }
    }

    private func answer(_ header: FrameHeader, _ body: [UInt8], _ connection: borrowing Descriptor) throws {
        var writer = FieldWriter()
        if header.type == MessageType.hello {
            writer.put(1, 1 as UInt32)
            writer.put(2, SupervisorFeatures.all & ~SupervisorFeatures.execsAnsweredAtEnd)
        }
        writer.put(3, 7 as UInt32)
        try connection.writeAll(
            FrameHeader.frame(type: MessageType.answer(to: header.type), request: header.request, body: writer.bytes))
        guard header.type == MessageType.exec else { return }
        var exit = Exit()
        exit.id = try ExecRequest(decoding: body).exec
        exit.code = 3
        var event = FieldWriter()
        event.put(21, exit.encoded)
        try connection.writeAll(FrameHeader.frame(type: MessageType.execExited, request: 0, body: event.bytes))
    }
}
