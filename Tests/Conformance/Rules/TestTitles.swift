import Foundation

/// The titles of all tests, read from their sources.
enum TestTitles {
    static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

    /// The suite's folder each stands in.
    static func folders() throws -> [String: String] {
        let tests = root.appending(path: "Tests")
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        var titles: [String: String] = [:]
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let folder = file.path.dropFirst(tests.path.count + 1).prefix { $0 != "/" }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/) {
                titles[String(match.1).replacing("\\\"", with: "\"")] = String(folder)
            }
        }
        return titles
    }
}
