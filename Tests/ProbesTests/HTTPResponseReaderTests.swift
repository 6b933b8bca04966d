import Testing

@testable import Probes

@Suite("Reading what an HTTP server answers")
struct HTTPResponseReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let status: UInt
        var location: String?
        var body = ""
        /// Whether its end is seen only when the connection ends.
        var endsWithConnection = false

        var testDescription: String { text.replacing("\r\n", with: "|") }
    }

    static let answers = [
        Case(text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", status: 200, body: "hi"),
        Case(text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", status: 200, body: "hi"),
        Case(text: "HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", status: 200),
        Case(text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204),
        Case(text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", status: 304),
        Case(text: "HTTP/1.0 500 Oh\r\n\r\nall there is", status: 500, body: "all there is", endsWithConnection: true),
        Case(text: "HTTP/1.1 302 Found\nLocation:  /x \nContent-Length: 0\n\n", status: 302, location: "/x"),
        Case(
            text: "HTTP/1.1 302 Found\r\nLocation: /a\r\n\tb\r\nX: 1\r\n 2\r\nContent-Length: 0\r\n\r\n", status: 302,
            location: "/a b"),
        Case(
            text:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 1\r\n\r\n2;x=y\r\nab\r\nA\r\n0123456789\r\n0\r\nT: x\r\n\r\n",
            status: 200, body: "ab0123456789"),
        Case(
            text: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n", status: 200, body: "2\r\n",
            endsWithConnection: true),
        Case(
            text:
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
            status: 404),
        Case(text: "HTTP/1.1 101 Switching\r\n\r\n", status: 101),
        Case(text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", status: 200, body: "abc"),
    ]

    @Test("whole, or in pieces of any size, it is the same", arguments: answers, [1, 2, 7, 4096])
    func reading(answer: Case, size: Int) throws {
        var reader = HTTPResponseReader()
        var rest = Array(answer.text.utf8)[...]

        while !rest.isEmpty, !reader.isOver {
            try reader.take(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }

        #expect(reader.isOver == !answer.endsWithConnection)
        let isWhole = reader.end()
        #expect(isWhole)
        #expect(reader.answer == HTTPAnswer(status: answer.status, location: answer.location, body: answer.body))
    }

    @Test(
        "cut anywhere before its end, it is not taken for whole", arguments: answers.filter { !$0.endsWithConnection })
    func cut(answer: Case) throws {
        let bytes = Array(answer.text.utf8)
        for length in 0..<bytes.count {
            var reader = HTTPResponseReader()
            try reader.take(Array(bytes[..<length]))
            if reader.isOver { break }
            let isWhole = reader.end()
            #expect(!isWhole, "after \(length) bytes")
        }
    }

    @Test(
        "what is no HTTP response is refused",
        arguments: [
            "SSH-2.0-OpenSSH_9.9\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.x 200 OK\r\n", "HTTP/1.1 20 OK\r\n",
            "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 099 OK\r\n", "HTTP/1.1 OK\r\n", "HTTP/1.1\r\n", "\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n", "HTTP/1.1 200 OK\r\n: x\r\n", "HTTP/1.1 200 OK\r\nA B: x\r\n",
            "HTTP/1.1 200 OK\r\n x\r\n", "HTTP/1.1 200 OK\r\nA: \u{0}\r\n", "HTTP/1.1 200 OK\r\nA: b\rc\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
        ])
    func malformed(text: String) {
        var reader = HTTPResponseReader()

        #expect(throws: HTTPResponseReader.Malformed.self) { try reader.take(Array(text.utf8)) }
    }

    @Test("a server that talks without end is listened to no longer than needed")
    func bounds() throws {
        let head = Array("HTTP/1.1 200 OK\r\n".utf8)
        for flood in [
            [UInt8](repeating: 0x78, count: 70_000), Array(String(repeating: "a: b\r\n", count: 200_000).utf8),
        ] {
            var reader = HTTPResponseReader()
            #expect(throws: HTTPResponseReader.Malformed.self) { try reader.take(head + flood) }
        }
        var provisional = HTTPResponseReader()
        #expect(throws: HTTPResponseReader.Malformed.self) {
            for _ in 0..<10 { try provisional.take(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        }

        var reader = HTTPResponseReader()
        try reader.take(head + Array("\r\n".utf8) + [UInt8](repeating: 0x78, count: 20_000))

        #expect(reader.isOver)
        #expect(reader.answer.body.utf8.count == NodeProber.outputLimit)
    }

    @Test("a header field that nobody asks about may be long", arguments: [1000, 4096, 100_000])
    func longField(size: Int) throws {
        let field = "Set-Cookie: " + String(repeating: "x", count: 100_000) + "\r\n"
        var rest = Array("HTTP/1.1 302 Found\r\n\(field)\(field)Location: /x\r\nContent-Length: 0\r\n\r\n".utf8)[...]
        var reader = HTTPResponseReader()

        while !rest.isEmpty {
            try reader.take(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }

        #expect(reader.isOver)
        #expect(reader.answer == HTTPAnswer(status: 302, location: "/x", body: ""))
        var other = HTTPResponseReader()
        #expect(throws: HTTPResponseReader.Malformed.self) {
            try other.take(Array("HTTP/1.1 302 Found\r\nLocation: \(field)".utf8))
        }
    }

    @Test("no bytes crash it", arguments: 0..<200)
    func garbage(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        let parts = [
            "HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "\n", ":", " ", "5", "a", "\u{7F}",
        ]
        let text = (0..<seed).map { _ -> String in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return parts[Int(state >> 33) % parts.count]
        }.joined()

        var reader = HTTPResponseReader()
        for byte in text.utf8 where (try? reader.take([byte])) == nil { return }
        _ = reader.end()
        _ = reader.answer.outcome
    }
}
