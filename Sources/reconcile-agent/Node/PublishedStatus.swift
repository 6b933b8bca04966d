import Foundation
import Linux
import NodeRuntime
import PodModel

/// What the running agent alone knows, as `status` reads it from `<run-dir>/status.json`.
///
/// It dies with the boot, and is stale once its agent ended: `process` tells whether that is so.
struct PublishedStatus: Hashable, Codable {
    /// The agent that published it.
    let process: Int32
    /// When that agent began.
    let startedAt: WallTime
    /// The agent's version.
    let version: String
    /// What it follows.
    let source: FollowedPlace
    /// How its loop gets on.
    let loop: LoopStatus

    /// Reads what was published last; nil when nothing was, or by a release whose words this one does not know.
    static func load(below paths: NodePaths) throws -> PublishedStatus? {
        guard let bytes = try file(below: paths).read() else { return nil }
        return try? JSONDecoder().decode(PublishedStatus.self, from: Data(bytes))
    }

    /// Replaces what was published before, for readers in one step; nothing is synced: it dies with the boot.
    func save(below paths: NodePaths) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Self.file(below: paths).writeUnsynced(Array(try encoder.encode(self)))
    }

    /// Takes it back: nobody looks after the node any more, and nothing is left to be looked after.
    static func erase(below paths: NodePaths) throws {
        try file(below: paths).remove()
        try StateFile(directory: paths.runDirectory, name: ".tmp-\(name)").remove()
    }

    private static let name = "status.json"

    private static func file(below paths: NodePaths) -> StateFile {
        StateFile(directory: paths.runDirectory, name: name)
    }
}

/// A place in a Git repository that is followed.
struct FollowedPlace: Hashable, Codable {
    let repository: String
    let ref: String
    let path: String
}
