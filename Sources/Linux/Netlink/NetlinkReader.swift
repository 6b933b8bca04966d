import CLinux

/// Reads a netlink message's body from front to back and never beyond its end.
public struct NetlinkReader: Sendable {
    private var rest: ArraySlice<UInt8>

    /// Starts at the first of `bytes`.
    public init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// True when nothing is left.
    public var isAtEnd: Bool { rest.isEmpty }

    /// The next `count` bytes.
    public mutating func take(_ count: Int, of what: String) throws(NetlinkError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw .malformed("\(what) ends early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The next integer, in the machine's byte order.
    public mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, of what: String
    ) throws(NetlinkError) -> Value {
        Value(machineOrder: try take(Value.bitWidth / 8, of: what))
    }

    /// What is left, read as attributes.
    public mutating func attributes() throws(NetlinkError) -> NetlinkAttributes {
        let all = rest
        rest = []
        return try NetlinkAttributes(parsing: all)
    }

    /// Skips to the next multiple of four, counted from `start`; stops at the end without complaint.
    mutating func align(after count: Int) { rest = rest.dropFirst((4 - count % 4) % 4) }
}

/// The attributes of one message or of one nested attribute.
public struct NetlinkAttributes: Sendable {
    private var payloads: [UInt16: ArraySlice<UInt8>] = [:]

    /// Splits `bytes` into attributes; where a type comes twice the last one counts, as in the kernel.
    ///
    /// - Throws: `NetlinkError.malformed` when an attribute claims more bytes than there are.
    public init(parsing bytes: ArraySlice<UInt8>) throws(NetlinkError) {
        var reader = NetlinkReader(bytes)
        while !reader.isAtEnd {
            let length = Int(try reader.integer(UInt16.self, of: "an attribute's length"))
            let type = try reader.integer(UInt16.self, of: "an attribute's type") & 0x3fff
            payloads[type] = try reader.take(length - 4, of: "attribute \(type)")
            reader.align(after: length)
        }
    }

    /// The payload of an attribute; nil when it is absent.
    public subscript(type: Int) -> ArraySlice<UInt8>? { payloads[UInt16(truncatingIfNeeded: type)] }

    /// True when no attribute is there.
    public var isEmpty: Bool { payloads.isEmpty }

    /// An integer attribute; nil when it is absent or of another size.
    public func integer<Value: FixedWidthInteger>(_ type: Int, as: Value.Type) -> Value? {
        guard let payload = self[type], payload.count == Value.bitWidth / 8 else { return nil }
        return Value(machineOrder: payload)
    }

    /// A text attribute up to its zero byte; nil when it is absent.
    public func text(_ type: Int) -> String? {
        self[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The attributes inside an attribute; none when it is absent.
    public func nested(_ type: Int) throws(NetlinkError) -> NetlinkAttributes {
        try NetlinkAttributes(parsing: self[type] ?? [])
    }
}

extension FixedWidthInteger {
    /// The integer whose bytes lie in memory as `bytes` do; there are as many as it needs.
    fileprivate init(machineOrder bytes: ArraySlice<UInt8>) {
        var value = Self.zero
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes) }
        self = value
    }
}
