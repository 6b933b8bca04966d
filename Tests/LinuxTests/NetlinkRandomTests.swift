import Linux
import Testing

/// What the kernel sends is trusted to be from the kernel, not to be what this release knows: lengths above all.
@Suite("No bytes break the reader of netlink's messages")
struct NetlinkRandomTests {
    /// A small reproducible generator (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// Reads everything there is to read; an error is an answer, a crash or an endless loop is not.
    private func read(_ bytes: [UInt8]) -> Int {
        guard let messages = try? NetlinkMessage.parse(bytes[...]) else { return 0 }
        for message in messages {
            _ = try? message.meaning()
            guard let attributes = try? NetlinkAttributes(parsing: message.payload) else { continue }
            for type in 0..<64 {
                _ = attributes.text(type)
                _ = attributes.integer(type, as: UInt32.self)
                _ = try? attributes.nested(type)
            }
        }
        return messages.count
    }

    @Test("random bytes in the place of netlink messages", arguments: 0..<20 as Range<UInt64>)
    func bytes(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<200 {
            _ = read((0..<Int.random(in: 0...200, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        }
    }

    @Test("a netlink message with a byte changed, or cut short", arguments: 0..<20 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var random = Seeded(state: seed)
        let request = NetlinkRequest("try", type: 16) { body in
            body.attribute(3, text: "eth0")
            body.nested(18) { $0.attribute(1, integer: UInt32(7)) }
        }
        let whole = request.encoded(sequence: 41)
        #expect(read(whole) == 1)
        for _ in 0..<200 {
            var bytes = whole
            bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            _ = read(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
        }
    }
}
