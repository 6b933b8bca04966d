import Testing

@Suite("Rooms import only what the architecture lets them")
struct ImportTests {
    @Test("each folder of Sources is a room of the table")
    func everyFolderIsARoom() throws {
        let known = Set(rooms.map(\.name))
        let unknown = try SourceTree.folders(below: "Sources").filter { !known.contains($0) }

        #expect(unknown.isEmpty, "add these to docs/architecture.md and Tests/HouseTests/Rooms.swift: \(unknown)")
    }

    @Test("a room imports only the rooms and libraries of the table", arguments: rooms)
    func importsFollowTheTable(room: Room) throws {
        let allowed = room.ours.union(room.foreign)
        for file in SourceTree.files(below: "Sources/\(room)", ending: ".swift") {
            for line in SourceLine.lines(of: try SourceTree.text(of: file)) {
                guard let module = importedModule(line.code), !allowed.contains(module) else { continue }
                Issue.record(
                    "\(file):\(line.number): \(room) may not import \(module); it may import \(allowed.sorted())")
            }
        }
    }

    @Test("the table points one way: no two rooms import each other")
    func noCycles() {
        var done: Set<String> = []
        var left = rooms
        while let index = left.firstIndex(where: { $0.ours.isSubset(of: done) }) {
            done.insert(left.remove(at: index).name)
        }

        #expect(left.isEmpty, "these rooms import each other, or one that is not in the table: \(left)")
    }
}

/// The module that a line of Swift imports: `@testable internal import struct Glibc.stat` imports `Glibc`.
func importedModule(_ line: Substring) -> String? {
    var words = line.split(separator: " ")[...]
    let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    while let word = words.first, word.hasPrefix("@") || access.contains(word) { words.removeFirst() }
    guard words.popFirst() == "import", let first = words.popFirst() else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let path = kinds.contains(first) ? (words.first ?? first) : first
    return path.split(separator: ".").first.map(String.init)
}
