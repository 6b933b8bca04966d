import Glibc
import Linux
import Testing

@Suite("A call that may block")
struct BlockingCallTests {
    @Test("its value or its error is handed on")
    func outcome() async throws {
        #expect(try await blocking(within: .seconds(60)) { 42 } == 42)
        await #expect(throws: SystemError.self) {
            _ = try await blocking(within: .seconds(60)) { throw SystemError("open", "x", code: ENOENT) }
        }
    }

    @Test("nobody waits for it longer than the limit")
    func limit() async throws {
        let pipe = try Pipe()
        let reading = pipe.reading.raw
        let value = try await blocking(within: .milliseconds(20)) {
            var byte: UInt8 = 0
            return read(reading, &byte, 1)
        }
        #expect(value == nil)
        // Lets the thread go.
        var byte: UInt8 = 1
        write(pipe.writing.raw, &byte, 1)
        usleep(1000)
    }

    @Test("nobody waits for it who is cancelled")
    func cancelled() async throws {
        let pipe = try Pipe()
        let reading = pipe.reading.raw
        let task = Task {
            try await blocking(within: .seconds(600)) {
                var byte: UInt8 = 0
                return read(reading, &byte, 1)
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        var byte: UInt8 = 1
        write(pipe.writing.raw, &byte, 1)
        usleep(1000)
    }
}
