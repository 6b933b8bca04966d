import Foundation
import Glibc
import Linux
import Testing

@testable import NodeRuntime

/// A small reproducible generator (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("No text breaks a reader: of logs, of /proc, of /etc")
struct HostileTextTests {
    private static let pieces = [
        "2026-11-25T10:00:00.000000001Z", "stdout", "stderr", "F", "P", " ", "\n", "\r", ":", "0", "-1",
        "18446744073709551616", "mnt_id:", "\t", "shared:1", "-", "/", "é", "\0", "CapPrm:", "nameserver", "search",
        "options", "a.example", "127.0.0.1", "#", ";", "me:100000:65536", "ffffffffffffffffff",
    ]

    @Test("log lines, mounts, resolvers and subordinate users", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<200 {
            let count = Int.random(in: 0...60, using: &random)
            let text = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &random) }.joined()

            for line in Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false) {
                if let read = CRILogLine(parsing: line) {
                    #expect(read.text.count < line.count && !read.timestamp.contains(" "))
                }
            }
            for range in UserRanges.ranges(in: text) { #expect(range.upperBound <= 1 << 33) }
            if let complaint = SharedMount(mounts: text).complaint(of: "/x", onMount: "0") {
                #expect(!complaint.isEmpty)
            }
            // What comes out of the node's resolv.conf goes into every Pod's: whole lines, one word each.
            let resolver = ResolverFile(text)
            for line in resolver.text.split(separator: "\n") {
                let known = ["nameserver ", "search ", "options "].contains { line.hasPrefix($0) }
                #expect(known, "\(line.debugDescription)")
            }
        }
    }
}

@Suite("Logs are read where they are, and nowhere else")
struct OpenLogTests {
    private func withLog(_ body: (String) throws -> Void) throws {
        let base = "/tmp/reconcile-open-log-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(base)/logs/pod/main", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        try "secret\n".write(toFile: "\(base)/outside", atomically: true, encoding: .utf8)
        try body(base)
    }

    @Test("the log of a container is read, also below a directory that somebody came to by a link")
    func plain() throws {
        try withLog { base in
            try "line\n".write(toFile: "\(base)/logs/pod/main/0.log", atomically: true, encoding: .utf8)
            symlink("logs", "\(base)/chosen")

            let read = try openLog("\(base)/chosen/pod/main/0.log").readToEnd()
            #expect(read == Array("line\n".utf8))
        }
    }

    @Test("a link in the place of a log or of a directory leads nowhere; what is no file keeps nobody waiting")
    func planted() throws {
        try withLog { base in
            symlink("../../../outside", "\(base)/logs/pod/main/0.log")
            mkfifo("\(base)/logs/pod/main/1.log", 0o600)
            symlink("../..", "\(base)/logs/pod/other")
            symlink(base, "\(base)/logs/second")

            for path in ["pod/main/0.log", "pod/main/1.log", "pod/other/outside", "second/logs/outside"] {
                #expect(throws: SystemError.self, "\(path)") {
                    _ = try openLog("\(base)/logs/\(path)").readToEnd()
                }
            }
        }
    }
}
