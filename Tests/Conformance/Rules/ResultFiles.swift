import Foundation

/// Where results are printed to and kept.
enum ResultFiles {
    private static let printed = TestTitles.root.appending(path: ".build/results")
    private static let directory = TestTitles.root.appending(path: "docs/results")

    /// Keeps what the last runs came to of these tests. Of those that were not run, what is kept stays.
    static func keep(of titles: Set<String>) throws {
        var all = Dictionary(uniqueKeysWithValues: try kept().map { ($0.groups, $0) })
        for results in texts(in: printed, named: "log").compactMap(Results.init(log:)) {
            all[results.groups] = all[results.groups].map(results.over) ?? results
        }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for results in all.values {
            try results.kept(of: titles).write(
                to: directory.appending(path: "\(results.groups).txt"), atomically: true, encoding: .utf8)
        }
    }

    /// What is kept, in the order of names.
    static func kept() throws -> [Results] { texts(in: directory, named: "txt").compactMap(Results.init(kept:)) }

    private static func texts(in directory: URL, named ending: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == ending }.sorted { $0.path < $1.path }.compactMap {
            try? String(contentsOf: $0, encoding: .utf8)
        }
    }
}
