import Foundation
import Glibc
import NodeRuntime
import PodModel
import Testing

@Suite("A node is claimed by one agent at a time")
struct NodeClaimTests {
    @Test("while it is claimed its holder is known; afterwards, who had it last and until when")
    func holder() async throws {
        try await withPaths { paths in
            #expect(try NodeClaim.lastHolder(of: paths) == nil)
            do {
                let claim = try await NodeClaim.take(paths)
                #expect(try NodeClaim.holder(of: paths) == getpid())
                try claim.noteEnd(at: WallTime(nanoseconds: 7))
            }

            #expect(try NodeClaim.holder(of: paths) == nil)
            #expect(
                try NodeClaim.lastHolder(of: paths)
                    == LastHolder(process: getpid(), endedAt: WallTime(nanoseconds: 7)))
        }
    }

    @Test("a holder that was killed left no time")
    func killed() async throws {
        try await withPaths { paths in
            do { withExtendedLifetime(try await NodeClaim.take(paths)) {} }

            #expect(try NodeClaim.lastHolder(of: paths) == LastHolder(process: getpid(), endedAt: nil))
        }
    }

    @Test("a state directory that others may only read is closed to them", arguments: [0o755, 0o750, 0o700])
    func tightened(bits: mode_t) async throws {
        try await withPaths { paths in
            try make(paths.stateDirectory, mode: bits, holding: "version", "1\n")

            _ = try await NodeClaim.take(paths)

            #expect(mode(of: paths.stateDirectory) == 0o700)
        }
    }

    @Test("one that others may write to is closed while it is empty, and refused once it holds anything")
    func writableByOthers() async throws {
        try await withPaths { paths in
            try make(paths.stateDirectory, mode: 0o777)
            _ = try await NodeClaim.take(paths)
            #expect(mode(of: paths.stateDirectory) == 0o700)
        }
        try await withPaths { paths in
            try make(paths.stateDirectory, mode: 0o777, holding: "version", "1\n")
            let error = await #expect(throws: NodeRuntimeError.self) { _ = try await NodeClaim.take(paths) }
            #expect("\(error as (any Error)? ?? CancellationError())".contains("others than root may write to it"))
        }
    }

    @Test("one that another user owns, or a link of another user's leads to, is refused")
    func foreign() async throws {
        guard geteuid() == 0 else { return }
        try await withPaths { paths in
            try make(paths.stateDirectory, mode: 0o700)
            chown(paths.stateDirectory, 1234, 1234)
            await #expect(throws: NodeRuntimeError.self) { _ = try await NodeClaim.take(paths) }
        }
        try await withPaths { paths in
            try make("\(paths.stateDirectory)-real", mode: 0o700)
            symlink("\(paths.stateDirectory)-real", paths.stateDirectory)
            _ = try await NodeClaim.take(paths)
            lchown(paths.stateDirectory, 1234, 1234)
            let error = await #expect(throws: NodeRuntimeError.self) { _ = try await NodeClaim.take(paths) }
            #expect("\(error as (any Error)? ?? CancellationError())".contains("the link belongs to user 1234"))
        }
    }

    private func make(_ directory: String, mode: mode_t, holding file: String? = nil, _ text: String = "") throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        chmod(directory, mode)
        if let file { try text.write(toFile: "\(directory)/\(file)", atomically: false, encoding: .utf8) }
    }

    private func mode(of path: String) -> mode_t {
        var status = stat()
        stat(path, &status)
        return status.st_mode & 0o7777
    }

    private func withPaths(_ body: (NodePaths) async throws -> Void) async throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "claim-\(UUID())")
        defer { try? FileManager.default.removeItem(at: base) }
        let path = base.path(percentEncoded: false)
        try await body(
            NodePaths(
                stateDirectory: "\(path)/state", runDirectory: "\(path)/run", logDirectory: "\(path)/log"))
    }
}
