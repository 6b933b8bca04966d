import Dispatch
import Foundation
import Glibc
import Linux
import Synchronization
import Testing

@testable import NodeRuntime

@Suite("Packing rotated logs")
struct LogPackingTests {
    /// A container's log directory, written as its logger does.
    private struct Log {
        let directory: String
        var path: String { "\(directory)/0.log" }

        func append(_ numbers: ClosedRange<Int>) throws {
            let text = numbers.map { "2026-11-23T18:09:29.1Z stdout F \($0)\n" }.joined()
            try Descriptor.open(path, O_WRONLY | O_APPEND | O_CREAT).writeAll(Array(text.utf8))
        }

        /// Gives the file a name of the past, and removes what is one too many.
        func rotate(_ number: Int, keeping most: Int = 100) throws {
            rename(path, "\(path).20261123-180929.\(String(number + 100_000_000))")
            let past = try names(in: directory).filter { $0.hasPrefix("0.log.") }.sorted()
            for name in past.dropLast(most) { unlink("\(directory)/\(name)") }
        }

        func pack() throws { try LogPacking().pack(in: Descriptor.open(directory, O_RDONLY | O_DIRECTORY)) }

        func files() throws -> [String] { try names(in: directory).sorted() }

        func read() throws -> [Int] {
            var reader = try LogFileReader(path: path)
            return try Log.drain(&reader)
        }

        static func drain(_ reader: inout LogFileReader) throws -> [Int] {
            var numbers: [Int] = []
            var hasMore = true
            while hasMore {
                let part = try reader.read()
                numbers += part.entries.compactMap { Int(String(decoding: $0.bytes(), as: UTF8.self).dropLast()) }
                hasMore = part.hasMore
            }
            return numbers
        }
    }

    private func withLog(_ body: (Log) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "packed-\(UUID())/pod/main")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            try? FileManager.default.removeItem(at: directory.deletingLastPathComponent().deletingLastPathComponent())
        }
        try body(Log(directory: directory.path(percentEncoded: false)))
    }

    @Test("of each attempt's rotated files all but the newest are packed, and nothing else")
    func chosen() {
        let names = [
            "0.log", "0.log.1", "0.log.2", "1.log.3.gz", "1.log.4", "1.log.5", "1.log", "2.log.6", "x.log.1", "x.log.2",
            ".0.log.1.gz.tmp", "0.txt.1", "0.txt.2",
        ]
        #expect(RotatedLog.toPack(among: names) == ["0.log.1", "1.log.4"])
    }

    @Test("all but the newest rotated file are packed; readers read on, and no file is counted twice")
    func packed() throws {
        try withLog { log in
            for number in 1...4 {
                try log.append(number * 1000...number * 1000 + 999)
                try log.rotate(number)
            }
            try log.append(5000...5999)
            let before = try log.read()
            // One reader amid the oldest file, and one that has read all.
            var early = try LogFileReader(path: log.path)
            let begun = try early.read().entries.count
            var late = try LogFileReader(path: log.path)
            _ = try Log.drain(&late)

            try log.pack()
            let names = try log.files()

            #expect(names.map { $0.hasSuffix(".gz") } == [false, true, true, true, false])
            #expect(names.count == 5)
            #expect(try log.read() == before && before == Array(1000...5999))
            let rest = try Log.drain(&early)
            #expect(begun > 0 && rest == Array(before.dropFirst(begun)))
            // What was being written when it was read is packed by now.
            for number in 5...7 {
                try log.rotate(number)
                try log.append((number + 1) * 1000...(number + 1) * 1000 + 9)
            }
            try log.pack()
            #expect(try log.files().count { $0.hasSuffix(".gz") } == 6)
            let later = try Log.drain(&late)
            let written = [6000...6009, 7000...7009, 8000...8009].flatMap { Array($0) }
            #expect(later == written)
            var status = stat()
            #expect(stat("\(log.directory)/\(names[1])", &status) == 0 && status.st_size < 4096)
            try log.pack()
        }
    }

    @Test("what was interrupted is taken up: a half written file goes, one that took its place already gets its name")
    func interrupted() throws {
        try withLog { log in
            for number in 1...3 {
                try log.append(number...number)
                try log.rotate(number)
            }
            try log.append(4...4)
            let names = try log.files()
            // Killed while it was written, and between the two steps.
            try Descriptor.open("\(log.directory)/.\(names[2]).gz.tmp", O_WRONLY | O_CREAT).writeAll([0x1F, 0x8B, 8])
            try log.pack()
            rename("\(log.directory)/\(names[1]).gz", "\(log.directory)/\(names[1])")
            try Descriptor.open("\(log.directory)/.\(names[1]).gz.tmp", O_WRONLY | O_CREAT).writeAll(Array("1".utf8))
            #expect(try log.read() == [1, 2, 3, 4], "in between it is read as well")

            try log.pack()

            #expect(try log.files() == [names[0], "\(names[1]).gz", "\(names[2]).gz", names[3]])
            #expect(try log.read() == [1, 2, 3, 4])
        }
    }

    @Test("a packed file that is torn ends where it is, and costs no other")
    func torn() throws {
        try withLog { log in
            for number in 1...3 {
                try log.append(number * 1000...number * 1000 + 999)
                try log.rotate(number)
            }
            try log.append(4...4)
            try log.pack()
            let first = "\(log.directory)/\(try log.files()[1])"
            truncate(first, 200)

            let seen = try log.read()
            #expect(seen.suffix(2001) == Array(2000...3999) + [4])
        }
    }

    @Test("while files are rotated and removed, packing brings none back, and whoever follows sees no line twice")
    func races() throws {
        try withLog { log in
            try log.append(0...0)
            let isDone = Mutex(false)
            let failures = Mutex<[String]>([])
            let running = DispatchGroup()
            DispatchQueue(label: "pack").async(group: running) {
                while !isDone.withLock({ $0 }) {
                    do { try log.pack() } catch { failures.withLock { $0.append("\(error)") } }
                }
            }
            let seen = Mutex<[Int]>([])
            let isOpen = DispatchSemaphore(value: 0)
            DispatchQueue(label: "follow").async(group: running) {
                do {
                    var reader = try LogFileReader(path: log.path)
                    isOpen.signal()
                    while !isDone.withLock({ $0 }) {
                        // Between a rotation's two steps there is no such file.
                        let part = try Log.drain(&reader)
                        seen.withLock { $0 += part }
                    }
                    let rest = try Log.drain(&reader)
                    seen.withLock { $0 += rest }
                } catch { failures.withLock { $0.append("\(error)") } }
            }
            isOpen.wait()
            for number in 1...300 {
                try log.append(number * 100...number * 100 + 99)
                try log.rotate(number, keeping: 4)
            }
            try log.append(40_000...40_000)
            isDone.withLock { $0 = true }
            running.wait()
            try log.pack()

            #expect(failures.withLock { $0 } == [])
            let numbers = seen.withLock { $0 }
            #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
            #expect(numbers.last == 40_000)
            // One more at most, which the next rotation would find.
            #expect(try log.files().count <= 6)
            #expect(try log.read().last == 40_000)
        }
    }
}
