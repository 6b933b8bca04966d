import Foundation
import Glibc
import Linux
import Testing

@testable import NodeRuntime
@testable import PodModel

@Suite("The files of a volume change all at once")
struct VolumeFilesWriterTests {
    private func withVolume(_ body: (String) throws -> Void) throws {
        let path = "/tmp/reconcile-volume-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func write(_ files: [String: String], _ version: String, to path: String, mode: Int = 0o644) throws {
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        try VolumeFilesWriter(version: version).write(
            files.sorted { $0.key < $1.key }.map {
                VolumeFile(path: $0.key, bytes: Array($0.value.utf8), mode: mode)
            }, below: directory)
    }

    private func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private func link(_ path: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: path)
    }

    @Test("each is a link through ..data to its version, and the version before goes")
    func layout() throws {
        try withVolume { path in
            try write(["a": "1", "dir/b": "2"], "..1", to: path)
            #expect(try names(path) == ["..1", "..data", "a", "dir"])
            #expect(try link("\(path)/..data") == "..1")
            #expect(try link("\(path)/a") == "..data/a" && link("\(path)/dir") == "..data/dir")
            #expect(try String(contentsOfFile: "\(path)/dir/b", encoding: .utf8) == "2")

            try write(["a": "new", "c": "3"], "..2", to: path, mode: 0o400)
            #expect(try names(path) == ["..2", "..data", "a", "c"])
            #expect(try String(contentsOfFile: "\(path)/a", encoding: .utf8) == "new")
            let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/..2/a")[.posixPermissions] as? Int
            #expect(mode == 0o400)
        }
    }

    @Test("what was cut short is written over")
    func repeated() throws {
        try withVolume { path in
            try write(["a": "1"], "..1", to: path)
            try write(["a": "2"], "..1", to: path)
            #expect(try String(contentsOfFile: "\(path)/a", encoding: .utf8) == "2")
        }
    }

    @Test("nothing that was planted leads out of the volume", arguments: ["a", "..data", "..data_tmp", "..1"])
    func planted(name: String) throws {
        try withVolume { path in
            let outside = "\(path)-outside"
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: outside) }
            try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(outside)/a"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(name)", withDestinationPath: name == "a" ? "\(outside)/a" : outside)

            try write(["a": "mine"], "..1", to: path)

            #expect(try names(outside) == ["a"])
            #expect(try String(contentsOfFile: "\(outside)/a", encoding: .utf8) == "kept")
            #expect(try String(contentsOfFile: "\(path)/a", encoding: .utf8) == "mine")
        }
    }
}
