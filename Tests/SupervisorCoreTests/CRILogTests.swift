import SupervisorCore
import Testing

@Suite("CRI log format")
struct CRILogTests {
    private let time: UInt64 = 1_795_457_369_000_000_001
    private let stamp = "2026-11-23T18:09:29.000000001Z"

    private func write(_ chunks: [String], finish: Bool = false, isTerminal: Bool = false) -> String {
        var log = CRILog(isError: false, isTerminal: isTerminal)
        var output: [UInt8] = []
        for chunk in chunks { log.take(Array(chunk.utf8)[...], at: time, into: &output) }
        if finish { log.finish(at: time, into: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    @Test("a line becomes timestamp, stream, F and text")
    func line() { #expect(write(["hello\n"]) == "\(stamp) stdout F hello\n") }

    @Test("a line that comes in pieces is one line")
    func pieces() { #expect(write(["he", "l", "lo\nwor"]) == "\(stamp) stdout F hello\n") }

    @Test(
        "the carriage return with which a terminal ends a line is none of its text, however it comes; others are",
        arguments: [["one\r\ntw\ro\r\n"], ["one\r", "\ntw\ro", "\r", "\n"], ["one", "\r\n", "tw\ro\r\n"]])
    func terminal(chunks: [String]) {
        #expect(write(chunks, isTerminal: true) == "\(stamp) stdout F one\n\(stamp) stdout F tw\ro\n")
        #expect(write(chunks) == "\(stamp) stdout F one\r\n\(stamp) stdout F tw\ro\r\n")
    }

    @Test("an empty line is a line")
    func emptyLine() { #expect(write(["\n\n"]) == "\(stamp) stdout F \n\(stamp) stdout F \n") }

    @Test("a last line without its end is tagged P")
    func unfinished() { #expect(write(["end"], finish: true) == "\(stamp) stdout P end\n") }

    @Test("a line longer than 16 KiB is cut into pieces, the last tagged F")
    func longLine() {
        let text = String(repeating: "x", count: CRILog.pieceLimit + 3)
        let piece = String(repeating: "x", count: CRILog.pieceLimit)

        #expect(write([text + "\n"]) == "\(stamp) stdout P \(piece)\n\(stamp) stdout F xxx\n")
    }

    @Test("no byte is lost, however the stream is cut", arguments: 1...40)
    func anyCut(size: Int) {
        let text = (0..<300).map { "line \($0) \(String(repeating: "é", count: $0 % 7))\n" }.joined()
        let bytes = Array(text.utf8)
        var log = CRILog(isError: true)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            log.take(bytes[start..<min(bytes.count, start + size)], at: time, into: &output)
        }

        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.map { $0.dropFirst("\(stamp) stderr F ".count) + "\n" }.joined() == text)
    }

    @Test(
        "timestamps follow the civil calendar",
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"), (951_782_400, "2000-02-29T00:00:00.000000000Z"),
            (1_709_164_799, "2024-02-28T23:59:59.000000000Z"), (4_102_444_800, "2100-01-01T00:00:00.000000000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000000Z"),
        ])
    func timestamps(seconds: UInt64, text: String) {
        var output: [UInt8] = []
        appendRFC3339(nanoseconds: seconds * 1_000_000_000, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == text)
    }
}
