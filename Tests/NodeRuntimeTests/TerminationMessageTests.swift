import Foundation
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("A container's last words")
struct TerminationMessageTests {
    private let directory = NSTemporaryDirectory() + "last-words-\(UUID().uuidString)"
    private var messageFile: String { "\(directory)/termination-log" }
    private var logFile: String { "\(directory)/0.log" }

    private func message(
        _ written: String?, log lines: [String] = [], code: Int32 = 1,
        policy: TerminationMessagePolicy = .fallbackToLogsOnError, containers: Int = 1
    ) throws -> String? {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try written?.write(toFile: messageFile, atomically: false, encoding: .utf8)
        try lines.map { "2026-11-25T10:00:00.000000000Z stdout F \($0)\n" }.joined()
            .write(toFile: logFile, atomically: false, encoding: .utf8)
        var container = Container(name: "a", image: "b:1")
        container.terminationMessagePolicy = policy
        let spec = PodSpec(containers: Array(repeating: container, count: containers))
        return try TerminationMessage(container, in: spec).read(from: messageFile, orLog: logFile, code: code)
    }

    @Test("are what it wrote into its file, whatever its code")
    func file() throws {
        #expect(try message("done\n", log: ["x"], code: 0) == "done\n")
        #expect(try message(nil, log: ["x"], code: 0) == nil)
        #expect(try message("", policy: .file) == nil)
    }

    @Test("are the end of its log when it wrote none and failed, if the manifest says so")
    func log() throws {
        #expect(try message("", log: ["a", "b"]) == "a\nb\n")
        #expect(try message("", log: ["a", "b"], code: 0) == nil)
        #expect(try message("", log: ["a", "b"], policy: .file) == nil)
        let many = try #require(try message("", log: (1...200).map { "line \($0)" }))
        #expect(many.split(separator: "\n").count == 80)
        #expect(many.hasSuffix("line 200\n"))
        let long = try #require(try message("", log: [String(repeating: "x", count: 5000)]))
        #expect(long.utf8.count == 2048)
    }

    @Test("are cut to 4096 bytes, and to 12 KiB for all containers of a Pod")
    func limits() throws {
        let text = String(repeating: "x", count: 10_000)
        #expect(try message(text)?.utf8.count == 4096)
        #expect(try message(text, containers: 6)?.utf8.count == 2048)
    }

    @Test("are the end of what it said, and of that the beginning where its share is smaller")
    func ends() throws {
        let said = (0..<2000).map { String(format: "%04d\n", $0) }.joined()
        #expect(try message(said) == String(said.suffix(4096)))
        #expect(try message(said, containers: 6) == String(said.suffix(4096).prefix(2048)))
        let lines = (0..<2000).map { String(format: "%04d", $0) }
        let logged = lines.suffix(80).map { "\($0)\n" }.joined()
        #expect(try message("", log: lines) == logged)
        #expect(try message("", log: lines, containers: 60) == String(logged.prefix(204)))
    }

    @Test("are there as soon as the end is seen, before it is written down")
    func unwritten() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let paths = NodePaths(
            stateDirectory: "\(directory)/state", runDirectory: "\(directory)/run", logDirectory: "\(directory)/logs")
        let pod = Pod(
            metadata: ObjectMeta(name: "web"),
            spec: PodSpec(containers: [Container(name: "main", image: "i"), Container(name: "mute", image: "i")]))
        let accepted = AcceptedPod(
            uid: PodUID("u"), pod: pod, digest: Digest("sha256:0"), written: .null, application: .root,
            createdAt: .epoch, file: "web.yaml")
        let record = PodRecord(
            accepted: accepted, bootID: BootID("boot"),
            containers: ["main": ContainerRecord(id: ContainerID("c1"), attempt: 2, startedAt: .epoch)])
        let exit = ContainerExit(
            id: ContainerID("c1"), code: 0, reason: .completed, startedAt: .epoch, finishedAt: .epoch,
            finishedBoot: BootTime(nanoseconds: 0), bootID: BootID("boot"))
        let layer = "\(paths.layers(of: "main", in: PodUID("u")))/2"
        try FileManager.default.createDirectory(atPath: layer, withIntermediateDirectories: true)
        try "done".write(toFile: "\(layer)/termination-log", atomically: false, encoding: .utf8)
        let seen = ObservedPod(record: record, sandbox: .ready, containers: ["main": .exited(exit)])

        let told = LastWords(paths: paths).added(to: seen)

        #expect(told.containers == ["main": .exited(exit.saying("done"))])
        let another = ObservedPod(record: record, sandbox: .ready, containers: ["mute": .exited(exit)])
        #expect(LastWords(paths: paths).added(to: another).containers == another.containers)
    }
}
