import Foundation
import Glibc
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
