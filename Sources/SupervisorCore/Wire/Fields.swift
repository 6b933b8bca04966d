/// A span of bytes read field by field: tag, length, value (docs/supervisor-protocol.md).
///
/// These sources compile into the agent and, as Embedded Swift, into `pod-supervisor`: bytes instead of text, no
/// existentials, no Foundation.
public struct FieldReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// Starts at the first field of `bytes`.
    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        self.position = bytes.startIndex
    }

    /// Starts at the first field of `bytes`.
    public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// The next field, or nil at the end.
    ///
    /// - Throws: `WireError.truncated` when the field reaches beyond the bytes at hand.
    public mutating func next() throws(WireError) -> Field? {
        if position == bytes.endIndex { return nil }
        guard bytes.endIndex - position >= 6 else { throw .truncated }
        let tag = UInt16(truncatingIfNeeded: littleEndian(bytes[position..<position + 2]))
        let length = Int(littleEndian(bytes[position + 2..<position + 6]))
        let start = position + 6
        guard bytes.endIndex - start >= length else { throw .truncated }
        position = start + length
        return Field(tag: tag, value: bytes[start..<position])
    }
}

/// One field of a frame or group.
public struct Field: Sendable {
    /// What the value means in its message; unknown tags are skipped.
    public let tag: UInt16
    /// The value's bytes.
    public let value: ArraySlice<UInt8>

    /// The value as an unsigned number of up to eight bytes.
    public var number: UInt64 { get throws(WireError) { try checkedNumber() } }

    /// The value as a number that must fit 32 bits.
    public var number32: UInt32 {
        get throws(WireError) {
            let wide = try checkedNumber()
            guard wide <= 0xFFFF_FFFF else { throw .numberTooLarge }
            return UInt32(truncatingIfNeeded: wide)
        }
    }

    /// The value as bytes of its own.
    public var bytes: [UInt8] { [UInt8](value) }

    /// The value as an id: one to 128 bytes, so that every record of an exit fits its slot.
    public var id: [UInt8] {
        get throws(WireError) {
            guard (1...128).contains(value.count) else { throw .idLength }
            return [UInt8](value)
        }
    }

    /// The value as a signal's number.
    public var signal: UInt32 {
        get throws(WireError) {
            let number = try checkedNumber()
            guard number <= 64 else { throw .numberTooLarge }
            return UInt32(truncatingIfNeeded: number)
        }
    }

    /// The value as a yes or no.
    public var flag: Bool { get throws(WireError) { try checkedNumber() != 0 } }

    private func checkedNumber() throws(WireError) -> UInt64 {
        guard value.count <= 8 else { throw .numberTooLarge }
        return littleEndian(value)
    }
}

/// Bytes that grow field by field.
public struct FieldWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty span, with room for a short one.
    public init() { bytes.reserveCapacity(128) }

    /// Appends a field of raw bytes.
    public mutating func put(_ tag: UInt16, _ value: [UInt8]) {
        append(UInt64(tag), width: 2, to: &bytes)
        append(UInt64(value.count), width: 4, to: &bytes)
        bytes.append(contentsOf: value)
    }

    /// Appends a number in as few of 1, 2, 4 or 8 bytes as it needs.
    public mutating func put(_ tag: UInt16, _ number: UInt64) {
        let width = number < 0x100 ? 1 : number < 0x1_0000 ? 2 : number < 0x1_0000_0000 ? 4 : 8
        append(UInt64(tag), width: 2, to: &bytes)
        append(UInt64(width), width: 4, to: &bytes)
        append(number, width: width, to: &bytes)
    }

    /// Appends a number of 32 bits.
    public mutating func put(_ tag: UInt16, _ number: UInt32) { put(tag, UInt64(number)) }

    /// Appends a yes; a no is left out.
    public mutating func put(_ tag: UInt16, _ flag: Bool) {
        if flag { put(tag, 1 as UInt64) }
    }
}

/// What can be wrong with bytes from the other side.
public enum WireError: Error, Equatable, Sendable {
    /// A field reaches beyond its frame or group.
    case truncated
    /// A number has more than the bits its place allows.
    case numberTooLarge
    /// An id is empty or longer than 128 bytes.
    case idLength
    /// A frame is longer than the limit or carries too many descriptors.
    case frameTooLarge
    /// A field that the message cannot do without is missing.
    case missing(tag: UInt16)
}

func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var number: UInt64 = 0
    for byte in bytes.reversed() { number = number << 8 | UInt64(byte) }
    return number
}

func append(_ number: UInt64, width: Int, to bytes: inout [UInt8]) {
    var rest = number
    for _ in 0..<width {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
    }
}
