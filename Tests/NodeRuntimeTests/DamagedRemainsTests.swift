import Foundation
import Glibc
import PodModel
import Testing

@testable import NodeRuntime

@Suite("What damaged records leave")
struct DamagedRemainsTests {
    private func withRecords(_ body: (_ paths: NodePaths, _ pod: String) throws -> Void) throws {
        let path = "/tmp/reconcile-remains-\(UUID().uuidString)"
        let paths = NodePaths(
            stateDirectory: "\(path)/state", runDirectory: "\(path)/run", logDirectory: "\(path)/log")
        let pod = "\(paths.podStates)/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(atPath: "\(pod)/volumes/data", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "{".write(toFile: "\(pod)/record", atomically: false, encoding: .utf8)
        try body(paths, pod)
    }

    private func later(_ days: Double) -> WallTime { .now() + .seconds(days * 86_400) }

    @Test("is kept for a week, told with its end, and removed after that: by a start, by the hour, and by down")
    func age() throws {
        try withRecords { paths, pod in
            #expect(try PodRecordStore.open(paths).findings.damaged.count == 1)
            let remains = DamagedRemains(paths)

            let kept = try remains.all()
            #expect(kept.map(\.directory) == [pod])
            #expect(kept.allSatisfy { later(6.9) < $0.until && $0.until < later(7.1) })
            #expect(try PodRecordStore.open(paths, now: later(6.9)).findings.leftovers == [])
            #expect(try PodRecordStore.open(paths, now: later(7.1)).findings.leftovers.count == 1)
            try remains.collect(now: later(6.9))
            #expect(isDirectory("\(pod)/volumes/data"))
            try remains.collect(now: later(7.1))
            #expect(!isDirectory(pod))
        }
    }

    @Test("goes with down at once; a Pod that began anew in its place stays")
    func all() throws {
        try withRecords { paths, pod in
            _ = try PodRecordStore.open(paths)
            try "{}".write(toFile: "\(pod)/record", atomically: false, encoding: .utf8)
            try DamagedRemains(paths).removeAll()
            #expect(isDirectory(pod))

            #expect(unlink("\(pod)/record") == 0)
            try DamagedRemains(paths).removeAll()
            #expect(!isDirectory(pod))
        }
    }
}
