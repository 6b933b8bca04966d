import NodeRuntime
import Testing

@Suite("The CRI log format")
struct CRILogTests {
    private static let time = "2026-11-23T18:09:29.123456789Z"

    @Test(
        "a line has a time, a stream, a tag and any text",
        arguments: [
            ("\(time) stdout F hello", CRILogLine.Stream.stdout, false, "hello"),
            ("\(time) stderr P half", .stderr, true, "half"),
            ("\(time) stdout F ", .stdout, false, ""),
            ("\(time) stdout F", .stdout, false, ""),
            ("\(time) stdout F  two  spaces ", .stdout, false, " two  spaces "),
            ("\(time) stdout P:more:tags text", .stdout, true, "text"),
            ("2026-11-23T18:09:29+01:00 stdout F zone", .stdout, false, "zone"),
        ])
    func wellFormed(line: String, stream: CRILogLine.Stream, isPartial: Bool, text: String) throws {
        let parsed = try #require(CRILogLine(parsing: Array(line.utf8)[...]))

        #expect(parsed.stream == stream)
        #expect(parsed.isPartial == isPartial)
        #expect(String(decoding: parsed.text, as: UTF8.self) == text)
        #expect(line.hasPrefix(parsed.timestamp))
    }

    @Test(
        "anything else is no line",
        arguments: [
            "", " ", "hello", "\(time)", "\(time) stdout", "\(time) stdlog F x", "\(time) stdout X x", "a b F c",
        ])
    func malformed(line: String) {
        #expect(CRILogLine(parsing: Array(line.utf8)[...]) == nil)
    }

    @Test("pieces of a long line are joined per stream, with the time of the first")
    func joins() throws {
        var joiner = LogJoiner()
        var entries: [LogEntry] = []

        for line in [
            "T1 stdout P one ", "T2 stderr F between", "T3 stdout P two ", "T4 stdout F three", "T5 stderr P end",
        ] {
            let text = line.replacing("T", with: "2026-11-23T18:09:29.00", maxReplacements: 1).replacing(
                " std", with: "Z std")
            let parsed = try #require(CRILogLine(parsing: Array(text.utf8)[...]))
            if let entry = joiner.add(parsed) { entries.append(entry) }
        }
        entries += joiner.finish()

        #expect(entries.map { String(decoding: $0.bytes(), as: UTF8.self) } == ["between\n", "one two three\n", "end"])
        #expect(entries.map(\.timestamp.last) == ["Z", "Z", "Z"])
        #expect(entries[1].timestamp == "2026-11-23T18:09:29.001Z")
        #expect(
            String(decoding: entries[0].bytes(withTimestamp: true), as: UTF8.self)
                == "2026-11-23T18:09:29.002Z between\n")
    }
}
