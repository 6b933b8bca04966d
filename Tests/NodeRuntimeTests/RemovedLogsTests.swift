import Foundation
import Glibc
import Logging
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Logs of Pods that are gone")
struct RemovedLogsTests {
    private let hour: Int64 = 3_600_000_000_000

    @Test("stay for their time, then go; what nobody entered stays for ever")
    func age() throws {
        try withLogs(LogRetention(age: .seconds(7200), bytes: 1 << 30)) { paths, logs in
            let (gone, other) = (
                PodName(namespace: "default", name: "gone"), PodName(namespace: "default", name: "other")
            )
            for pod in [gone, other] { try write(1000, paths.log(of: "main", attempt: 0, in: pod, PodUID("u"))) }
            try logs.enter(gone, PodUID("u"))
            let now = WallTime.now()

            try logs.collect(now: WallTime(nanoseconds: now.nanoseconds + hour))
            #expect(isDirectory(paths.logs(of: gone, PodUID("u"))))
            try logs.collect(now: WallTime(nanoseconds: now.nanoseconds + 3 * hour))

            #expect(!isDirectory(paths.logs(of: gone, PodUID("u"))))
            #expect(isDirectory(paths.logs(of: other, PodUID("u"))))
            #expect(try names(in: paths.removedLogs).isEmpty)
        }
    }

    @Test("go earlier when they are too many, the oldest first")
    func size() throws {
        try withLogs(LogRetention(age: .seconds(1 << 20), bytes: 150_000)) { paths, logs in
            let pods = (0..<3).map { PodName(namespace: "default", name: "web-\($0)") }
            for pod in pods {
                try write(60_000, paths.log(of: "main", attempt: 0, in: pod, PodUID("u")))
                try logs.enter(pod, PodUID("u"))
                usleep(20_000)
            }

            try logs.collect(now: .now())

            #expect(pods.map { isDirectory(paths.logs(of: $0, PodUID("u"))) } == [false, true, true])
        }
    }

    @Test("are collected once more for whoever asked while a collection was under way")
    func askedMeanwhile() throws {
        try withLogs(LogRetention(bytes: 0)) { paths, logs in
            let collection = LogCollection(logs, log: Logger(label: "test"))
            for number in 0..<30 {
                let pod = PodName(namespace: "default", name: "web-\(number)")
                try write(1000, paths.log(of: "main", attempt: 0, in: pod, PodUID("u")))
                try logs.enter(pod, PodUID("u"))
                collection.begin()
            }

            var rounds = 0
            while try !names(in: paths.removedLogs).isEmpty, rounds < 1000 {
                usleep(10_000)
                rounds += 1
            }
            #expect(try names(in: paths.removedLogs).isEmpty)
            #expect(try names(in: paths.logDirectory).isEmpty)
        }
    }

    private func write(_ bytes: Int, _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]), withIntermediateDirectories: true)
        try Data(repeating: 0x78, count: bytes).write(to: URL(fileURLWithPath: path))
    }

    private func withLogs(_ retention: LogRetention, _ body: (NodePaths, RemovedLogs) throws -> Void) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID())").path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: base) }
        let paths = NodePaths(
            stateDirectory: "\(base)/state", runDirectory: "\(base)/run", logDirectory: "\(base)/logs")
        try body(paths, RemovedLogs(paths: paths, retention: retention))
    }
}
