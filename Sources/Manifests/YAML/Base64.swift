/// Text for bytes (RFC 4648, padded), as Kubernetes reads and writes it.
enum Base64 {
    /// Text that is no base64.
    struct Malformed: Error, Hashable {
        /// Where it goes wrong: the index of a byte, from 0.
        let offset: Int
    }

    /// The bytes that `text` stands for. Line breaks in it mean nothing.
    static func decode(_ text: some Sequence<UInt8>) throws(Malformed) -> [UInt8] {
        var bytes: [UInt8] = []
        var (value, bits, padding, offset, digits) = (0, 0, 0, 0, 0)
        for byte in text {
            defer { offset += 1 }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { continue }
            digits += 1
            if byte == UInt8(ascii: "="), digits % 4 == 3 || digits % 4 == 0 {
                padding += 1
                continue
            }
            guard padding == 0, let sextet = sextet(of: byte) else { throw Malformed(offset: offset) }
            value = (value << 6 | sextet) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: value >> bits))
            }
        }
        if digits % 4 != 0 || padding > 2 { throw Malformed(offset: offset) }
        return bytes
    }

    /// The text for `bytes`.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0...group.count { text.append(alphabet[value >> (18 - 6 * digit) & 63]) }
            for _ in group.count..<3 { text.append(UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    private static func sextet(of digit: UInt8) -> Int? {
        let value = values[Int(digit)]
        return value == 255 ? nil : Int(value)
    }
}
