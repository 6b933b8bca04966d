import Foundation
import ImageStore
import Linux
import Logging
import NodeRuntime
import PodModel

/// A node in a process of its own: carries out what arrives on standard input, and answers on standard output.
public enum NodeServer {
    /// Serves until standard input ends. `arguments`: state, run and log directory, cgroup parent, CIDR, executables, and
    /// for how many seconds a supervisor may be silent.
    public static func run(_ arguments: [String]) async -> Int32 {
        do {
            let paths = NodePaths(
                stateDirectory: arguments[0], runDirectory: arguments[1], logDirectory: arguments[2])
            var configuration = try NodeConfiguration(
                nodeName: "node-1", cgroupParent: arguments[3], podCIDR: arguments[4],
                executables: .init(supervisor: arguments[5], pause: arguments[6]))
            if arguments.count > 7, let seconds = Double(arguments[7]) {
                configuration.silenceLimit = .seconds(seconds)
            }
            configuration.logRotation = LogRotation(bytes: 2048, files: 3)
            let images = ImageStore(
                root: "\(paths.stateDirectory)/images",
                worker: WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", "unpack"]))
            let poller = try Poller()
            let runtime = try await NodeRuntime.start(
                NodeClaim.take(paths), configuration, images: images, poller: poller, log: Logger(label: "node"))
            let node = Server(
                runtime: runtime, view: try NodeView(paths, images: images, poller: poller), images: images)
            try await node.serve()
            return 0
        } catch {
            try? Descriptor(owning: 1).writeAll(
                JSONEncoder().encode(NodeAnswer.failed(reason: "start", message: "\(error)")) + Array("\n".utf8))
            return 1
        }
    }
}

private struct Server {
    let runtime: NodeRuntime
    let view: NodeView
    let images: ImageStore

    func serve() async throws {
        var events = runtime.events.makeAsyncIterator()
        write(.done("ready", took: 0))
        while let line = readLine() {
            let call = try JSONDecoder().decode(NodeCall.self, from: Data(line.utf8))
            do {
                if case .nextEvent = call {
                    // Images that a test imports are no news to it.
                    while let event = await events.next() {
                        if event == .imagesChanged { continue }
                        write(.event(event))
                        break
                    }
                } else {
                    write(try await answer(call))
                }
            } catch let failure as ActionFailure {
                write(.failed(reason: failure.reason, message: failure.message))
            } catch {
                write(.failed(reason: "", message: "\(error)"))
            }
        }
    }

    private func write(_ answer: NodeAnswer) {
        guard let bytes = try? JSONEncoder().encode(answer) else { return }
        FileHandle.standardOutput.write(bytes + Array("\n".utf8))
    }

    private func answer(_ call: NodeCall) async throws -> NodeAnswer {
        let begun = BootInstant.now().nanoseconds
        var detail = ""
        switch call {
        case .observe(let uid): return .pods(try await runtime.observe(uid).map { [$0] } ?? [])
        case .observeAll: return .pods(try await runtime.observe())
        case .view(let uid): return .pods(try await view.observe(uid).map { [$0] } ?? [])
        case .viewAll: return .pods(try await view.observe())
        case .exec(let command, let container, let uid): return try await exec(command, container, uid)
        case .damagedRecords: return .texts(runtime.damagedRecords.map(\.description))
        case .nextEvent: return .texts([])
        case .register(let pods): try await runtime.register(pods)
        case .update(let pods): try await runtime.update(pods)
        case .markDeleted(let deletions): try await runtime.markDeleted(deletions)
        case .perform(let action, let uid): detail = try await runtime.perform(action, on: uid).message
        case .performCutShort(let action, let uid, let seconds):
            let work = Task { try await runtime.perform(action, on: uid).message }
            try await Task.sleep(for: .seconds(seconds))
            work.cancel()
            do { detail = try await work.value } catch is CancellationError { detail = "cut short" }
        case .performTogether(let actions, let uids):
            try await withThrowingDiscardingTaskGroup { group in
                for uid in uids {
                    group.addTask { for action in actions { _ = try await runtime.perform(action, on: uid) } }
                }
            }
        case .importImage(let path): _ = try await images.importArchive(path)
        case .tearDown: try await runtime.tearDown()
        }
        return .done(detail, took: Int64(BootInstant.now().nanoseconds - begun))
    }

    private func exec(_ command: [String], _ container: String, _ uid: PodUID) async throws -> NodeAnswer {
        let output = try Linux.Pipe()
        let exec = try await view.exec(
            command, in: container, of: uid,
            streams: .descriptors(input: nil, output: output.writing.raw, error: output.writing.raw))
        let code = try await exec.exitCode()
        let bytes = try output.intoReading().readToEnd()
        return .exec(code: code, output: String(decoding: bytes, as: UTF8.self))
    }
}
