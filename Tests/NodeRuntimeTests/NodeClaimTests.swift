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

    private func withPaths(_ body: (NodePaths) async throws -> Void) async throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "claim-\(UUID())")
        defer { try? FileManager.default.removeItem(at: base) }
        let path = base.path(percentEncoded: false)
        try await body(
            NodePaths(
                stateDirectory: "\(path)/state", runDirectory: "\(path)/run", logDirectory: "\(path)/log"))
    }
}
