import Foundation
import PodModel

/// The accepted slice as a file, `<state-dir>/accepted/slice.json`: one rename, synced, per revision.
struct AcceptedFile: AcceptedStore {
    private let file: StateFile

    /// The file below a state directory.
    init(below state: String) { file = StateFile(directory: "\(state)/accepted", name: "slice.json") }

    func load() async throws -> AcceptedSlice? { try file.read().map(decode) }

    func save(_ slice: AcceptedSlice) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try file.write(Array(try encoder.encode(slice)))
    }

    /// Forgets what was accepted: the next agent starts from the repository alone.
    func erase() throws { try file.remove() }

    private func decode(_ bytes: [UInt8]) throws -> AcceptedSlice {
        do {
            return try JSONDecoder().decode(AcceptedSlice.self, from: Data(bytes))
        } catch {
            throw CommandFailure(
                .actionFailed, "the accepted revision in \(file.path) cannot be read: \(error)",
                hint: "move the file away; the next pass accepts the repository anew, and recreates every Pod")
        }
    }
}
