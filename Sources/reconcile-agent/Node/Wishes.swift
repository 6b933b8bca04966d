import Foundation
import Linux
import NodeRuntime
import PodModel
import Reconciler

/// What a person asks the running agent to do now, instead of when it is due.
enum Wish: Hashable, Codable, Sendable {
    /// Ask the source for a new revision.
    case sync
    /// Forget the back-off of a Pod, and try what failed again.
    case retry(PodUID)
}

/// Where wishes lie until the agent takes them: a file each in `<state>/wishes`, which only the node's user can write to.
struct WishBox: Sendable {
    private let directory: String

    init(below paths: NodePaths) { directory = "\(paths.stateDirectory)/wishes" }

    /// Lays down a wish.
    ///
    /// - Returns: whether the agent took it within `patience`.
    func put(_ wish: Wish, patience: Duration = .seconds(10)) async throws -> Bool {
        let name = String(UInt64.random(in: 0 ... .max), radix: 36)
        try replaceFile(name, in: directory, with: Array(JSONEncoder().encode(wish)))
        let deadline = ContinuousClock.now + patience
        while FileManager.default.fileExists(atPath: "\(directory)/\(name)") {
            guard ContinuousClock.now < deadline else {
                try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
                return false
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    /// Hands each wish to the loop, until the task is cancelled.
    func follow(_ loop: ReconcileLoop) async throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let watch = try DirectoryWatch()
        try watch.add(directory)
        let changes = try watch.changes(heardBy: Poller())
        // What was laid down before is wished still.
        for wish in take() { fulfil(wish, by: loop) }
        for await _ in changes { for wish in take() { fulfil(wish, by: loop) } }
    }

    private func fulfil(_ wish: Wish, by loop: ReconcileLoop) {
        switch wish {
        case .sync: loop.sync()
        case .retry(let uid): loop.retry(uid)
        }
    }

    /// Takes the wishes that lie there. What is none is removed.
    private func take() -> [Wish] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name in
            let path = "\(directory)/\(name)"
            defer { try? FileManager.default.removeItem(atPath: path) }
            return FileManager.default.contents(atPath: path).flatMap {
                try? JSONDecoder().decode(Wish.self, from: $0)
            }
        }
    }
}
