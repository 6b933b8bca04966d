import Glibc
import Linux
import Testing

@testable import NodeRuntime

@Suite("What an exec writes that nobody asked to see")
struct CappedOutputTests {
    @Test("is kept from its beginning up to a limit; the rest is read, so that the writer goes on, and dropped")
    func capped() throws {
        let poller = try Poller()
        let output = try CappedOutput(Pipe(), limit: 10 << 10, poller: poller)
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-c", "yes | head -c 3000000"], environment: ["PATH": "/usr/bin:/bin"],
            descriptors: [1: output.writing])

        #expect(try child.reap() == .exited(0), "the writer was kept waiting")
        let text = output.text
        #expect(text.utf8.count == 10 << 10 && text.hasPrefix("y\ny\n"))
        output.end()
    }

    @Test("is all there when its writer has ended, however soon that was")
    func short() throws {
        let output = try CappedOutput(Pipe(), limit: 10 << 10, poller: Poller())
        let child = try spawn(executable: "/bin/echo", arguments: ["not well"], descriptors: [1: output.writing])
        try child.reap()

        #expect(output.text == "not well\n")
        output.end()
    }
}
