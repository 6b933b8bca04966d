import Glibc
import Linux
import Testing

@testable import NodeRuntime

@Suite("What an exec writes that nobody asked to see")
struct CappedOutputTests {
    @Test("is kept from its beginning up to a limit; the rest is read, so that the writer goes on, and dropped")
    func capped() throws {
        let poller = try Poller()
        let pipe = try Pipe()
        let writer = try pipe.writing.duplicate()
        let output = try CappedOutput(pipe.intoReading(), limit: 10 << 10, poller: poller)
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-c", "yes | head -c 3000000"], environment: ["PATH": "/usr/bin:/bin"],
            descriptors: [1: writer.raw])

        #expect(try child.reap() == .exited(0), "the writer was kept waiting")
        let text = output.text
        #expect(text.utf8.count == 10 << 10 && text.hasPrefix("y\ny\n"))
        output.end()
    }
}
