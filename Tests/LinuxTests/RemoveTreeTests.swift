import Foundation
import Glibc
import Linux
import Testing

@Suite("Removing a tree")
struct RemoveTreeTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = "/tmp/reconcile-remove-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func shell(_ script: String) throws {
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-euc", script], environment: ["PATH": "/usr/bin:/bin"])
        #expect(try child.reap() == .exited(0))
    }

    private func isThere(_ path: String) -> Bool {
        var found = stat()
        return lstat(path, &found) == 0
    }

    @Test("goes down as far as there is something, with files on every level")
    func deep() throws {
        try withDirectory { base in
            let script =
                "mkdir \(base)/tree; cd -P \(base)/tree; "
                + "for i in $(seq 1500); do mkdir d e; : > f; : > e/f; cd -P ./d; done"
            try shell(script)

            try removeTree("\(base)/tree")

            #expect(!isThere("\(base)/tree"))
        }
    }

    @Test("takes any number of directories, of any name, and follows no link")
    func wide() throws {
        try withDirectory { base in
            try shell(
                "mkdir \(base)/tree \(base)/kept; cd \(base)/tree; for i in $(seq 600); do mkdir $i; : > $i/f; done; "
                    + ": > ../kept/f; ln -s ../kept link; ln -s nowhere broken; mkfifo pipe")
            let odd = Array("\(base)/tree/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
            #expect(mkdir(odd, 0o755) == 0)

            try removeTree("\(base)/tree")

            #expect(!isThere("\(base)/tree"))
            #expect(isThere("\(base)/kept/f"))
            try removeTree("\(base)/tree")
        }
    }
}
