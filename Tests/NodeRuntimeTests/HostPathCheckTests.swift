import Foundation
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("What must be at a path of the node, and what is made there")
struct HostPathCheckTests {
    private static func inDirectory(_ body: (String) throws -> Void) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "host-path-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(base)/there", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        try body(base)
    }

    private func kind(of path: String) -> FileAttributeType? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    }

    private func check(
        _ path: String, _ type: HostPathType, _ steps: [HostPathPolicy.Step], _ base: String, isReadOnly: Bool
    ) throws {
        try HostPathVolume(path: path, type: type)
            .check(HostPathPolicy.Grant(base: base, steps: steps, isReadOnly: isReadOnly))
    }

    @Test(
        "what is missing is made where it says so, and a directory where it says nothing, as by container runtimes",
        arguments: [
            (HostPathType.any, "a/b/c", FileAttributeType?.some(.typeDirectory)),
            (.directoryOrCreate, "a/b", .typeDirectory),
            (.fileOrCreate, "there/f", .typeRegular), (.any, "there", .typeDirectory),
            (.fileOrCreate, "no/f", nil), (.directory, "no", nil), (.file, "no", nil), (.socket, "no", nil),
        ])
    func made(type: HostPathType, path: String, kind: FileAttributeType?) throws {
        try Self.inDirectory { base in
            do {
                try check("\(base)/\(path)", type, [.init(path: path)], base, isReadOnly: false)
                #expect(kind != nil)
            } catch { #expect(kind == nil, "\(error)") }
            #expect(self.kind(of: "\(base)/\(path)") == kind)
        }
    }

    @Test("the directory that is allowed is made too, as what lies below it")
    func allowedItself() throws {
        try Self.inDirectory { base in
            try check("\(base)/new/deep", .any, [], "\(base)/new/deep", isReadOnly: false)
            try check("\(base)/other/x", .directoryOrCreate, [.init(path: "x")], "\(base)/other", isReadOnly: false)

            #expect(kind(of: "\(base)/new/deep") == .typeDirectory)
            #expect(kind(of: "\(base)/other/x") == .typeDirectory)
        }
    }

    @Test(
        "nothing is made where the policy allows reading only",
        arguments: [HostPathType.any, .directoryOrCreate, .fileOrCreate])
    func onlyRead(type: HostPathType) throws {
        try Self.inDirectory { base in
            let failure = #expect(throws: ActionFailure.self) {
                try check("\(base)/there/new", type, [.init(path: "there/new")], base, isReadOnly: true)
            }
            #expect(failure?.message.contains("does not exist, and is not made") == true)
            #expect(kind(of: "\(base)/there/new") == nil)
            try check("\(base)/there", .any, [.init(path: "there")], base, isReadOnly: true)
        }
    }

    @Test("a link that a Pod put in the place of an allowed directory is not followed, nor anything made behind it")
    func planted() throws {
        try Self.inDirectory { base in
            try FileManager.default.createSymbolicLink(atPath: "\(base)/infra", withDestinationPath: "/")
            let way = [HostPathPolicy.Step(path: "infra", followsLinks: false), .init(path: "there")]
            let failure = #expect(throws: ActionFailure.self) {
                try check("\(base)/infra/there", .any, way, base, isReadOnly: false)
            }
            #expect(failure?.message.contains("is a link, or lies behind one") == true)
            // Within what the Pod's own namespace is allowed a link leads to its top.
            try check("\(base)/infra/etc", .any, [.init(path: "infra/etc")], base, isReadOnly: false)
            #expect(kind(of: "\(base)/etc") == .typeDirectory)
        }
    }

    @Test("a link that was put there since is found before a container starts; one of its own namespace is let be")
    func plantedSince() throws {
        try Self.inDirectory { base in
            let way = [HostPathPolicy.Step(path: "there", followsLinks: false), .init(path: "own")]
            let grant = HostPathPolicy.Grant(base: base, steps: way, isReadOnly: false)
            let volume = HostPathVolume(path: "\(base)/there/own")
            try FileManager.default.createSymbolicLink(atPath: "\(base)/there/own", withDestinationPath: "/")
            try volume.checkLinks(grant)

            try FileManager.default.moveItem(atPath: "\(base)/there", toPath: "\(base)/x")
            try FileManager.default.createSymbolicLink(atPath: "\(base)/there", withDestinationPath: "x")
            let failure = #expect(throws: ActionFailure.self) { try volume.checkLinks(grant) }
            #expect(failure?.message.contains("is a link, or lies behind one") == true)
        }
    }
}
