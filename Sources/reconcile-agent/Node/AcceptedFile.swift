import Foundation
import PodModel

/// The accepted slice as a file, `<state-dir>/accepted/slice.json`: one rename, synced, per revision.
struct AcceptedFile: AcceptedStore {
    private let file: StateFile

    /// The file below a state directory.
    init(below state: String) { file = StateFile(directory: "\(state)/accepted", name: "slice.json") }

    func load() async throws -> StoredSlice {
        do {
            return try glance().map(StoredSlice.slice) ?? .missing
        } catch {
            let aside = try file.setAside(as: "slice.damaged-\(WallTime.now().rfc3339).json")
            return .damaged(
                reason: "the accepted revision in \(file.path) cannot be read: \(error); it is in \(aside) now")
        }
    }

    /// The slice as it is, for those who only look: nothing is set aside. Nil when there is none.
    func glance() throws -> AcceptedSlice? {
        try file.read().map { try JSONDecoder().decode(AcceptedSlice.self, from: Data($0)) }
    }

    func save(_ slice: AcceptedSlice) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try file.write(Array(try encoder.encode(slice)))
    }

    /// Forgets what was accepted: the next agent starts from the repository alone.
    func erase() throws { try file.remove() }
}
