import Foundation
import NodeRuntime
import PodFixture
import SupervisorCore

/// An agent in miniature, made to be killed: starts containers, runs execs in them, stops some, commits their exits.
///
/// Its whole memory is on disk, as an agent's is: `intent-N` before a start, `exit-N` before an acknowledgement. So
/// whatever instant it dies at, the next one can tell what is still to be done.
@main
struct Driver {
    let pod: PodFixture
    let total: Int

    static func main() async throws {
        let arguments = CommandLine.arguments
        let driver = Driver(pod: try PodFixture(existing: arguments[1]), total: Int(arguments[2]) ?? 0)
        try await driver.run()
        print("complete")
    }

    private func run() async throws {
        let supervisor: Supervisor
        do { supervisor = try await pod.connect() } catch { supervisor = try await pod.launch() }
        try await pod.createSandbox(supervisor)
        while true {
            let state = try await supervisor.currentState()
            for entry in state { try await settle(entry, supervisor) }
            let open = (0..<total).filter { !exists("exit-\($0)") }
            if open.isEmpty { return }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in open.prefix(4) { group.addTask { try await advance(number, state, supervisor) } }
                try await group.waitForAll()
            }
        }
    }

    /// What exited is committed first and acknowledged then.
    private func settle(_ entry: StateEntry, _ supervisor: Supervisor) async throws {
        guard entry.phase == .exited, let exit = entry.exit else { return }
        let id = String(decoding: entry.id, as: UTF8.self)
        if entry.kind == StateEntry.container {
            try Data("\(exit.code)".utf8).write(
                to: URL(fileURLWithPath: path("exit-\(id.dropFirst())")), options: .atomic)
            try await supervisor.acknowledge(container: id)
        } else if entry.kind == StateEntry.exec {
            try await supervisor.acknowledge(exec: id)
        }
    }

    private func advance(_ number: Int, _ state: [StateEntry], _ supervisor: Supervisor) async throws {
        let id = "c\(number)"
        let present = state.first { $0.kind == StateEntry.container && $0.id == Array(id.utf8) }
        if present == nil {
            try Data().write(to: URL(fileURLWithPath: path("intent-\(number)")))
            let lines = "for i in $(seq 1 40); do echo line $i; done"
            try await pod.start(
                supervisor, id, ["sh", "-c", "echo begin; \(lines); usleep 20000; echo end; exit \(number % 9)"])
        }
        if number % 5 == 4 {
            // A signal that the shell, as PID 1, has no handler for does nothing: the grace ends it.
            try? await supervisor.stop(container: id, signal: 15, grace: .milliseconds(5))
        } else if number % 3 == 0 {
            _ = try? await pod.exec(
                supervisor, "e\(number)-\(UInt32.random(in: 0 ..< .max))", in: id, ["echo", "inside"])
        }
    }

    private func path(_ name: String) -> String { "\(pod.base)/\(name)" }
    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}
