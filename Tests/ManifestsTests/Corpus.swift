import Foundation

/// Data written by others, which is not part of the project.
enum Corpus {
    /// The folder of one corpus: beside the package, or where RECONCILE_CORPORA says; nil, and said so, when absent.
    static func folder(_ name: String) -> URL? {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let root = ProcessInfo.processInfo.environment["RECONCILE_CORPORA"].map { URL(filePath: $0) }
        let folder = (root ?? package.appending(path: "../shared/corpora")).appending(path: name)
        if FileManager.default.fileExists(atPath: folder.path) { return folder.standardizedFileURL }
        print("skipped: no corpus at \(folder.standardizedFileURL.path); set RECONCILE_CORPORA to its parent")
        return nil
    }

    /// The bytes of one of its files.
    static func contents(of folder: URL, _ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: folder.appending(path: name)))
    }
}
