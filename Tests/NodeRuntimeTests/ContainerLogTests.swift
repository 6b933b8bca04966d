import Foundation
import NodeRuntime
import Synchronization
import Testing

@Suite("Reading a container's log")
struct ContainerLogTests {
    @Test("all lines come in order")
    func all() async throws {
        try await withLog { log in
            log.append(lines: 1...3)

            let lines = try await log.read(.init())
            #expect(lines == ["1\n", "2\n", "3\n"])
        }
    }

    @Test("--tail gives the last lines, fewer when there are fewer", arguments: [(0, 0), (2, 2), (9, 3)])
    func tail(count: Int, expected: Int) async throws {
        try await withLog { log in
            log.append(lines: 1...3)

            let lines = try await log.read(.init(tail: count))
            #expect(lines == ["1\n", "2\n", "3\n"].suffix(expected))
        }
    }

    @Test("a line torn by a power loss is left out, the others stay")
    func torn() async throws {
        try await withLog { log in
            log.append(lines: 1...1)
            log.append("2026-11-23T18:0\0\0\0\n")
            log.append(lines: 2...2)

            let lines = try await log.read(.init())
            #expect(lines == ["1\n", "2\n"])
        }
    }

    @Test("following sees what is written later, across a rotation, and ends with the container")
    func follows() async throws {
        try await withLog { log in
            log.append(lines: 1...2)
            let seen = Mutex<[String]>([])
            let isRunning = Mutex(true)

            try await ContainerLog(path: log.path).read(.init(tail: 1, follows: true)) {
                isRunning.withLock { $0 }
            } body: { entries in
                // Each line seen leads to the next thing that happens to the log.
                for entry in entries {
                    let text = String(decoding: entry.bytes(), as: UTF8.self)
                    seen.withLock { $0.append(text) }
                    switch text {
                    case "2\n": log.append(lines: 3...3)
                    case "3\n":
                        log.append(lines: 4...4)
                        log.rotate()
                        log.append(lines: 5...5)
                    case "5\n":
                        isRunning.withLock { $0 = false }
                        log.append("2026-11-23T18:09:29.6Z stdout P 6")
                        log.append("\n")
                    default: break
                    }
                }
            }

            #expect(seen.withLock { $0 } == ["2\n", "3\n", "4\n", "5\n", "6"])
        }
    }

    @Test("rotated files are read first, the oldest first; what is no log is left out")
    func rotated() async throws {
        try await withLog { log in
            for number in 1...3 {
                log.append(lines: number...number)
                log.rotate(at: number)
            }
            log.append(lines: 4...4)
            try "no lines".write(toFile: "\(log.path).20251122-180929.gz", atomically: true, encoding: .utf8)

            #expect(try await log.read(.init()) == ["1\n", "2\n", "3\n", "4\n"])
            #expect(try await log.read(.init(tail: 2)) == ["3\n", "4\n"])
        }
    }

    @Test("following loses and doubles nothing, however often the log is rotated between two looks")
    func followsManyRotations() async throws {
        try await withLog { log in
            log.append(lines: 1...1)
            let seen = Mutex<[String]>([])
            let isRunning = Mutex(true)

            try await ContainerLog(path: log.path).read(.init(follows: true)) {
                isRunning.withLock { $0 }
            } body: { entries in
                for entry in entries {
                    let text = String(decoding: entry.bytes(), as: UTF8.self)
                    seen.withLock { $0.append(text) }
                    if text == "1\n" {
                        for number in 2...9 {
                            log.rotate(at: number)
                            log.append(lines: number...number)
                        }
                    }
                    if text == "9\n" { isRunning.withLock { $0 = false } }
                }
            }

            #expect(seen.withLock { $0 } == (1...9).map { "\($0)\n" })
        }
    }

    @Test("following an ended container gives what is there and ends")
    func followsTheDead() async throws {
        try await withLog { log in
            log.append(lines: 1...1)

            let lines = try await log.read(.init(follows: true))
            #expect(lines == ["1\n"])
        }
    }
}

/// A log file in a directory of its own, written as the logger writes it.
private struct WrittenLog {
    let path: String

    func append(lines: ClosedRange<Int>) {
        for number in lines { append("2026-11-23T18:09:29.\(number)Z stdout F \(number)\n") }
    }

    func append(_ text: String) {
        let file = fopen(path, "a")
        fputs(text, file)
        fclose(file)
    }

    func rotate(at second: Int = 29) {
        rename(path, "\(path).20261123-1809\(second < 10 ? "0" : "")\(second).000000000")
    }

    func read(_ selection: ContainerLog.Selection) async throws -> [String] {
        var texts: [String] = []
        try await ContainerLog(path: path).read(selection) {
            false
        } body: { entries in
            texts += entries.map { String(decoding: $0.bytes(), as: UTF8.self) }
        }
        return texts
    }
}

private func withLog(_ body: (WrittenLog) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(WrittenLog(path: directory.appending(path: "0.log").path(percentEncoded: false)))
}
