import Foundation
import Glibc
import Linux
import Testing

@testable import NodeRuntime

@Suite("Whose a volume is that belongs to a Pod's fsGroup", .enabled(if: geteuid() == 0, "needs root"))
struct VolumeOwnershipTests {
    private func withVolume(_ body: (String) throws -> Void) throws {
        let path = "/tmp/reconcile-ownership-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(path)/volume/sub", withIntermediateDirectories: true)
        defer { try? removeTree(path) }
        try body(path)
    }

    private func status(_ path: String) throws -> (mode: mode_t, group: gid_t) {
        var found = stat()
        try retrying("lstat", path) { lstat(path, &found) }
        return (found.st_mode & 0o7777, found.st_gid)
    }

    private func make(_ path: String, mode: mode_t) throws {
        try Descriptor.open(path, O_WRONLY | O_CREAT).writeAll([])
        chmod(path, mode)
    }

    private func apply(_ owner: VolumeOwnership, to path: String) throws {
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        try owner.apply(to: directory)
    }

    @Test(
        "all below it gets the group and what the group needs; directories hand the group on",
        arguments: [
            (false, 0o600, 0o660), (false, 0o755, 0o775), (false, 0o4755, 0o4775), (true, 0o400, 0o440),
            (true, 0o644, 0o644), (true, 0o755, 0o755),
        ] as [(Bool, mode_t, mode_t)])
    func modes(isReadOnly: Bool, before: mode_t, after: mode_t) throws {
        try withVolume { base in
            let volume = "\(base)/volume"
            try make("\(volume)/sub/f", mode: before)
            chmod("\(volume)/sub", 0o700)

            try apply(VolumeOwnership(group: 4321, isReadOnly: isReadOnly), to: volume)

            #expect(try status("\(volume)/sub/f") == (after, 4321))
            #expect(try status("\(volume)/sub") == (isReadOnly ? 0o2750 : 0o2770, 4321))
            #expect(try status(volume).group == 4321)
        }
    }

    @Test("links are given away themselves, never what they lead to; names that are no text are no other")
    func links() throws {
        try withVolume { base in
            let (volume, outside) = ("\(base)/volume", "\(base)/outside")
            try make(outside, mode: 0o600)
            symlink("../../outside", "\(volume)/sub/link")
            symlink("..", "\(volume)/sub/up")
            mkfifo("\(volume)/pipe", 0o600)
            let odd = Array(volume.utf8CString.dropLast()) + [0x2F, -1, -2, 0]
            close(open(odd, O_WRONLY | O_CREAT, 0o600))

            try apply(VolumeOwnership(group: 4321, isReadOnly: false), to: volume)

            #expect(try status(outside) == (0o600, 0))
            #expect(try status("\(volume)/sub/link").group == 4321)
            #expect(try status("\(volume)/pipe") == (0o660, 4321))
            var found = stat()
            #expect(lstat(odd, &found) == 0 && found.st_gid == 4321)
        }
    }

    @Test("a directory that is swapped for a link meanwhile leads the walk nowhere")
    func race() throws {
        try withVolume { base in
            let volume = "\(base)/volume"
            try FileManager.default.createDirectory(atPath: "\(base)/outside", withIntermediateDirectories: true)
            try make("\(base)/outside/f", mode: 0o600)
            try make("\(volume)/sub/f", mode: 0o600)
            symlink("../outside", "\(volume)/link")
            let swapper = Thread {
                while !Thread.current.isCancelled {
                    for (from, to) in [("sub", "kept"), ("link", "sub"), ("sub", "link"), ("kept", "sub")] {
                        rename("\(volume)/\(from)", "\(volume)/\(to)")
                    }
                }
            }
            swapper.start()
            defer { swapper.cancel() }
            for _ in 0..<200 { try apply(VolumeOwnership(group: 4321, isReadOnly: false), to: volume) }

            #expect(try status("\(base)/outside/f") == (0o600, 0))
        }
    }

    @Test("however deep it is")
    func deep() throws {
        try withVolume { base in
            let script = "cd \(base)/volume; for i in $(seq 300); do mkdir d; cd d; done; touch f"
            let child = try spawn(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
            #expect(try child.reap() == .exited(0))
            try make("\(base)/volume/last", mode: 0o600)

            try apply(VolumeOwnership(group: 4321, isReadOnly: false), to: "\(base)/volume")

            let deepest = "\(base)/volume" + String(repeating: "/d", count: 300)
            #expect(try status(deepest).group == 4321)
            #expect(try status("\(deepest)/f").group == 4321)
            #expect(try status("\(base)/volume/last") == (0o660, 4321), "what is beside it on the way up")
            #expect(try status("\(base)/volume/sub").group == 4321)
        }
    }

    @Test("what looks right already is not wanted; a wrong group or a missing right is")
    func isWanted() throws {
        try withVolume { base in
            let volume = "\(base)/volume"
            let owner = VolumeOwnership(group: 4321, isReadOnly: false)
            func isWanted() throws -> Bool {
                let directory = try Descriptor.open(volume, O_RDONLY | O_DIRECTORY)
                return try owner.isWanted(for: directory)
            }
            #expect(try isWanted())
            try apply(owner, to: volume)
            #expect(try !isWanted())
            chmod(volume, 0o2750)
            #expect(try isWanted())
            chmod(volume, 0o770)
            #expect(try isWanted())
        }
    }
}
