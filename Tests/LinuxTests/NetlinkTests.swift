import Linux
import Testing

@Suite("Netlink codec")
struct NetlinkTests {
    @Test("what the writer writes the reader reads back")
    func roundTrip() throws {
        var writer = NetlinkWriter()
        writer.attribute(1, text: "rec0")
        writer.nested(2) { $0.attribute(3, integer: UInt32(7)) }

        let attributes = try NetlinkAttributes(parsing: writer.bytes[...])

        #expect(attributes.text(1) == "rec0")
        #expect(try attributes.nested(2).integer(3, as: UInt32.self) == 7)
        #expect(writer.bytes.count % 4 == 0)
    }

    @Test("a request's bytes parse as one message with its number")
    func request() throws {
        let request = NetlinkRequest("try", type: 16) { $0.attribute(3, text: "eth0") }

        let messages = try NetlinkMessage.parse(request.encoded(sequence: 41)[...])

        #expect(messages.map(\.sequence) == [41])
        #expect(messages.map(\.type) == [16])
    }

    @Test("a refusal carries errno and the kernel's explanation")
    func refusal() throws {
        let message = try NetlinkMessage.parse(refusalBytes(capped: true)[...])[0]

        #expect(try message.meaning() == .refused(code: 17, explanation: "exists"))
    }

    @Test("a refusal that echoes the whole request is read the same way")
    func echoedRefusal() throws {
        let message = try NetlinkMessage.parse(refusalBytes(capped: false)[...])[0]

        #expect(try message.meaning() == .refused(code: 17, explanation: "exists"))
    }

    @Test("a message cut short anywhere is malformed, never read beyond its end", arguments: [true, false])
    func truncation(capped: Bool) throws {
        let whole = refusalBytes(capped: capped)

        for length in 1..<whole.count {
            #expect(throws: NetlinkError.self) { try NetlinkMessage.parse(whole.prefix(length)) }
        }
    }

    @Test("no bytes whatever make the readers read out of bounds")
    func fuzz() {
        var generator = SplitMix(state: 1)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...96, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            // Plausible lengths, so that the inner readers see something too.
            if bytes.count >= 20 { bytes.replaceSubrange(0..<4, with: [UInt8(bytes.count), 0, 0, 0]) }
            if bytes.count >= 20, Bool.random(using: &generator) { bytes[17] = 0 }
            for message in (try? NetlinkMessage.parse(bytes[...])) ?? [] {
                _ = try? message.meaning()
                _ = try? NetworkLink(message)
                _ = try? InterfaceAddress(message)
                _ = try? Route(message)
            }
        }
    }

    /// NLMSG_ERROR with -EEXIST, as the kernel lays it out.
    private func refusalBytes(capped: Bool) -> [UInt8] {
        var body = NetlinkWriter()
        body.integer(Int32(-17))
        let echoed = NetlinkRequest("echo", type: 16) { if !capped { $0.attribute(3, text: "a") } }
        body.raw(echoed.encoded(sequence: 5))
        body.attribute(1, text: "exists")
        var message = NetlinkWriter()
        message.integer(UInt32(16 + body.bytes.count))
        message.integer(UInt16(2))
        message.integer(UInt16(capped ? 0x300 : 0x200))
        message.integer(UInt32(5))
        message.integer(UInt32(0))
        message.raw(body.bytes)
        return message.bytes
    }
}

/// A generator whose numbers are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
