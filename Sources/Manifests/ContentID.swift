/// Names a file's bytes: where two ids are equal, so are the bytes, and what was made of one can be used for the other.
///
/// Of a file in Git it is the blob's id. 20 bytes, held without an allocation: a repository has many files.
public struct ContentID: Sendable, Hashable, CustomStringConvertible {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// Takes the 20 bytes of an id; nil for any other number.
    public init?(_ bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        var count = 0
        for byte in bytes {
            switch count {
            case 0..<8: words.0 = words.0 << 8 | UInt64(byte)
            case 8..<16: words.1 = words.1 << 8 | UInt64(byte)
            case 16..<20: words.2 = words.2 << 8 | UInt32(byte)
            default: return nil
            }
            count += 1
        }
        guard count == 20 else { return nil }
        (first, second, third) = words
    }

    /// The 20 bytes.
    public var bytes: [UInt8] {
        let shifts = stride(from: 56, through: 0, by: -8)
        return [first, second].flatMap { word in shifts.map { UInt8(truncatingIfNeeded: word >> $0) } }
            + shifts.suffix(4).map { UInt8(truncatingIfNeeded: third >> UInt32($0)) }
    }

    /// 40 hexadecimal digits, as git prints them.
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
