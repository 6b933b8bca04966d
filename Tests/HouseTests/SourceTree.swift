import Foundation

/// The repository this test was built from, read as text.
enum SourceTree {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Folders directly below `path`, symbolic links aside.
    static func folders(below path: String) throws -> [String] {
        let keys: Set<URLResourceKey> = [.isDirectoryKey, .isSymbolicLinkKey]
        return try FileManager.default
            .contentsOfDirectory(at: root.appending(path: path), includingPropertiesForKeys: Array(keys))
            .filter { url in
                let values = try url.resourceValues(forKeys: keys)
                return values.isDirectory == true && values.isSymbolicLink != true
            }
            .map(\.lastPathComponent)
            .sorted()
    }

    /// Files anywhere below `path`, as paths from the root; a symbolic link to a folder is not followed.
    static func files(below path: String, ending suffix: String = "") -> [String] {
        let top = root.appending(path: path)
        let found = FileManager.default.enumerator(atPath: top.path(percentEncoded: false))
        return (found?.compactMap { $0 as? String } ?? [])
            .map { "\(path)/\($0)" }
            .filter { $0.hasSuffix(suffix) && isFile($0) }
            .sorted()
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path(percentEncoded: false))
    }

    private static func isFile(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let there = FileManager.default.fileExists(
            atPath: root.appending(path: path).path(percentEncoded: false), isDirectory: &isDirectory)
        return there && !isDirectory.boolValue
    }
}

/// One line of a file, without its comment.
struct SourceLine: Sendable {
    let number: Int
    let code: Substring

    /// Lines of Swift with `//` comments cut off; text inside block comments and strings is left as it is.
    static func lines(of text: String) -> [SourceLine] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
            return SourceLine(number: index + 1, code: code)
        }
    }
}
