import Testing

@testable import ImageStore

@Suite("Paths in archives")
struct ArchivePathTests {
    @Test(
        "a relative path is taken apart",
        arguments: [("a/b", "a/b"), ("./a//b/./c/", "a/b/c"), (".", "."), ("./", "."), ("a..b/...", "a..b/...")])
    func accepted(text: String, expected: String) throws {
        #expect(try ArchivePath(bytes: Array(text.utf8)).text == expected)
    }

    @Test(
        "a path that leads out, or that no file system takes, is refused",
        arguments: [
            ("", "no name"), ("/", "absolute"), ("/etc/passwd", "absolute"), ("..", "leads out"),
            ("a/../../b", "leads out"),
            ("a/..", "leads out"), (String(repeating: "n", count: 256), "longer"),
            (String(repeating: "n/", count: 3000), "longer"), (String(repeating: "n/", count: 257), "levels deep"),
        ])
    func refused(text: String, reason: String) {
        let refusal = #expect(throws: Refusal.self) { try ArchivePath(bytes: Array(text.utf8)) }

        #expect(refusal?.description.contains(reason) == true, "\(refusal?.description ?? "")")
    }

    @Test("a message shows a hostile name without its control characters, and cut")
    func quoting() {
        #expect(quoted("a\u{1B}[31mb\n".utf8) == "\"a\u{FFFD}[31mb\u{FFFD}\"")
        #expect(quoted(Array(repeating: UInt8(ascii: "x"), count: 300)).count == 203)
    }
}
