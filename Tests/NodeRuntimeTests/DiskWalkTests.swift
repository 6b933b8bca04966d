import Foundation
import Glibc
import PodModel
import Testing

@testable import NodeRuntime

@Suite("What a Pod keeps on the disk")
struct DiskWalkTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = "/tmp/reconcile-walk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func write(_ bytes: Int, _ path: String) throws {
        try Data(repeating: 7, count: bytes).write(to: URL(fileURLWithPath: path))
    }

    private func walk(_ path: String) -> DiskWalk {
        var walk = DiskWalk()
        walk.add(path)
        return walk
    }

    @Test("is counted in whole blocks, everywhere below, in hidden files too")
    func sums() throws {
        try withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/a/b", withIntermediateDirectories: true)
            let empty = walk(directory)
            try write(100_000, "\(directory)/a/b/.hidden")
            try write(1, "\(directory)/one")

            let found = walk(directory)

            #expect(found.inodes == 5)
            #expect(found.bytes - empty.bytes >= 101_000)
            #expect(found.bytes - empty.bytes < 200_000)
        }
    }

    @Test("counts a file of two names once, and follows no link")
    func links() throws {
        try withDirectory { directory in
            try write(200_000, "\(directory)/file")
            let alone = walk(directory)
            #expect(link("\(directory)/file", "\(directory)/again") == 0)
            #expect(symlink("/usr", "\(directory)/elsewhere") == 0)

            let found = walk(directory)

            #expect(found.inodes == alone.inodes + 1)
            #expect(found.bytes < alone.bytes + 100_000)
            #expect(walk("\(directory)/elsewhere").inodes == 1)
        }
    }

    @Test("is found however deep it lies, and beside the way down and up")
    func deep() throws {
        try withDirectory { directory in
            var path = directory
            for _ in 0..<300 {
                path += "/d"
                try #require(mkdir(path, 0o755) == 0)
            }
            let empty = walk(directory)
            try write(500_000, "\(path)/hidden")
            for level in ["d", "d/d", String(repeating: "d/", count: 99)] {
                try #require(mkdir("\(directory)/\(level)/a", 0o755) == 0)
                try write(1, "\(directory)/\(level)/a/beside")
            }

            let found = walk(directory)

            #expect(empty.inodes == 301 && empty.isComplete)
            #expect(found.inodes == 301 + 1 + 6 && found.isComplete)
            #expect(found.bytes - empty.bytes >= 500_000)
        }
    }

    @Test("a walk that was cut short says so, and is over every limit where there is one", arguments: [2, 3, 4])
    func cut(most: Int) throws {
        try withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/a", withIntermediateDirectories: true)
            for name in ["a/f", "g"] { try write(1, "\(directory)/\(name)") }
            var walk = DiskWalk(most: most)

            walk.add(directory)

            #expect(walk.isComplete == (most >= 3))
            #expect(DiskUse(walk, isBounded: false).bytes == walk.bytes)
            #expect((DiskUse(walk, isBounded: true).bytes == walk.bytes) == walk.isComplete)
            #expect(DiskUse(walk, isBounded: true).bytes >= walk.bytes)
        }
    }

    @Test("counts what has no name that text could hold")
    func bytes() throws {
        try withDirectory { directory in
            let name = Array("\(directory)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
            let file = creat(name, 0o600)
            #expect(file >= 0)
            close(file)

            #expect(walk(directory).inodes == 2)
        }
    }

    @Test("what is not there takes nothing")
    func missing() {
        #expect(walk("/nonexistent/\(UUID().uuidString)").inodes == 0)
    }
}
