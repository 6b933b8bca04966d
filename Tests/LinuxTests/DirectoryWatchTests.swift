import Foundation
import Linux
import Testing

@Suite("A watched directory tells what happens in it")
struct DirectoryWatchTests {
    @Test("a file that is written and renamed, and a directory that is removed, are told by name")
    func changes() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "watch-\(UUID().uuidString)")
            .path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: "\(directory)/inner", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let watch = try DirectoryWatch()
        #expect(try watch.add(directory))
        #expect(try !watch.add("\(directory)/nowhere"))
        let changes = try watch.changes(heardBy: Poller())

        try Data("x".utf8).write(to: URL(filePath: "\(directory)/new"))
        try FileManager.default.moveItem(atPath: "\(directory)/new", toPath: "\(directory)/record")
        try FileManager.default.removeItem(atPath: "\(directory)/inner")

        var seen: Set<String> = []
        for await batch in changes {
            for case .entry(directory, let name) in batch { seen.insert(name) }
            if seen.isSuperset(of: ["record", "inner"]) { break }
        }
        #expect(seen.isSuperset(of: ["record", "inner"]))
    }
}
