import Glibc
import Linux
import Testing

@Suite("Dying with the parent")
struct SpawnDeathTests {
    /// A program that calls `dieWithParent()`, says `ready` and waits; built beside the test bundle.
    private let worker: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return executable.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/test-workers"
    }()

    @Test("a worker ends when its parent is killed")
    func parentKilled() throws {
        let pipe = try Pipe()
        let parent = try spawn(
            executable: "/bin/sh", arguments: ["-c", #""$0" wait & wait"#, worker], descriptors: [1: pipe.writing.raw])
        defer { kill(-parent.pid, SIGKILL) }
        let output = pipe.intoReading()
        try #require(isReady(output.raw, POLLIN))
        var words = [UInt8](repeating: 0, count: 6)
        #expect(read(output.raw, &words, 6) == 6)
        #expect(words == Array("ready\n".utf8))

        kill(parent.pid, SIGKILL)

        // The worker alone still holds the other end.
        #expect(isReady(output.raw, POLLHUP))
    }

    @Test("a worker whose parent was gone before it could ask does not go on")
    func parentGone() throws {
        let writing = try Pipe().intoWriting()

        let orphan = try spawn(executable: worker, arguments: ["wait"], descriptors: [1: writing.raw])

        try #require(isReady(orphan.pidfd.raw, POLLIN))
        #expect(try orphan.reap() == .signaled(SIGKILL))
    }

    /// Whether something happens to the descriptor within ten seconds.
    private func isReady(_ descriptor: Int32, _ event: Int32) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        return poll(&waited, 1, 10_000) > 0
    }
}
