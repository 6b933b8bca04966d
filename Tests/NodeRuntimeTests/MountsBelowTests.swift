import Foundation
import Glibc
import Linux
import Testing

@testable import NodeRuntime

@Suite("What is mounted below a directory that goes")
struct MountsBelowTests {
    @Test("is found by whole names, outermost first, written as the kernel writes them")
    func found() {
        let mounts = """
            1 0 8:1 / / rw shared:1 - ext4 /dev/vda rw
            2 1 8:1 /x /s/pods rw - ext4 /dev/vda rw
            3 1 8:1 /x /s/pods/u/volumes/a rw shared:1 - ext4 /dev/vda rw
            4 3 8:1 /x /s/pods/u/volumes/a/b rw shared:1 - ext4 /dev/vda rw
            5 1 8:1 /x /s/pods/u/volumes/a.b rw - ext4 /dev/vda rw
            6 1 8:1 /x /s/pods/u/volumes/with\\040space\\134 rw - ext4 /dev/vda rw
            7 3 8:1 /x /s/pods/u/volumes/a rw shared:1 - ext4 /dev/vda rw
            8 1 8:1 /x /s/pods/uv rw - ext4 /dev/vda rw
            9 1 8:1 /x /s/pods/u rw - ext4 /dev/vda rw

            """
        let found = MountsBelow(Array("/s/pods/u".utf8), in: mounts.utf8)

        #expect(
            found.places.map { String(decoding: $0, as: UTF8.self) } == [
                "/s/pods/u/volumes/a.b/", "/s/pods/u/volumes/a/", "/s/pods/u/volumes/a/",
                "/s/pods/u/volumes/with space\\/",
            ])
    }

    @Test(
        "goes without what lies in it, and without what is mounted elsewhere too",
        .enabled(if: geteuid() == 0, "needs root"))
    func unmounted() throws {
        let base = "/tmp/reconcile-mounts-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        func shell(_ script: String) throws {
            let child = try spawn(
                executable: "/bin/sh", arguments: ["-euc", script],
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
            #expect(try child.reap() == .exited(0))
        }
        defer { try? shell("umount -R \(base)/shared 2>/dev/null || true; rm -rf --one-file-system \(base)") }
        // As a node: all is shared, so that what is unmounted in one place would be so in the other.
        try shell(
            """
            cd \(base); mkdir shared; mount -t tmpfs t shared; mount --make-rshared shared; cd shared
            mkdir host host/below "pod" pod/v pod/v/m; echo kept > host/f
            mount -t tmpfs b host/below; echo kept > host/below/f
            mount --rbind host pod/v/m; mount --bind host/f pod/v/m/f
            """)
        let pod = "\(base)/shared/pod"
        #expect(throws: SystemError.self) { try removeTree(pod) }
        #expect(FileManager.default.fileExists(atPath: "\(base)/shared/host/f"))

        try MountsBelow.removeTree(pod)

        #expect(!FileManager.default.fileExists(atPath: pod))
        for file in ["host/f", "host/below/f"] {
            #expect(try String(contentsOfFile: "\(base)/shared/\(file)", encoding: .utf8) == "kept\n")
        }
    }
}
