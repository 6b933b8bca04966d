/// A value that passes between the agent and its worker.
///
/// Both ends are the same binary, so there are no versions and no names: integers are eight bytes,
/// little-endian; bytes, text and lists come after their count; an enumeration is its case's number, then its payload.
protocol WireValue {
    init(from reader: inout WireReader) throws(WireError)
    func write(to writer: inout WireWriter)
}

/// The bytes end too early, go on too long or say nothing known.
struct WireError: Error {}

/// Collects the bytes of values.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: some WireValue) { value.write(to: &self) }

    mutating func append(_ integer: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: integer >> shift)) }
    }

    mutating func append(_ block: some Collection<UInt8>) {
        append(UInt64(block.count))
        bytes.append(contentsOf: block)
    }
}

/// Takes values from bytes.
struct WireReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func read<Value: WireValue>(_: Value.Type = Value.self) throws(WireError) -> Value {
        try Value(from: &self)
    }

    mutating func integer() throws(WireError) -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func block() throws(WireError) -> ArraySlice<UInt8> {
        guard let count = Int(exactly: try integer()) else { throw WireError() }
        return try take(count)
    }

    private mutating func take(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw WireError() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// The bytes of one value.
func encoded(_ value: some WireValue) -> [UInt8] {
    var writer = WireWriter()
    writer.write(value)
    return writer.bytes
}

/// The value that `bytes`, all of them, are.
func decoded<Value: WireValue>(_: Value.Type, from bytes: [UInt8]) throws(WireError) -> Value {
    var reader = WireReader(bytes)
    let value = try reader.read(Value.self)
    guard reader.rest.isEmpty else { throw WireError() }
    return value
}

extension Int: WireValue {
    init(from reader: inout WireReader) throws(WireError) { self = Int(truncatingIfNeeded: try reader.integer()) }
    func write(to writer: inout WireWriter) { writer.append(UInt64(truncatingIfNeeded: self)) }
}

extension Bool: WireValue {
    init(from reader: inout WireReader) throws(WireError) { self = try reader.integer() != 0 }
    func write(to writer: inout WireWriter) { writer.append(self ? 1 : 0 as UInt64) }
}

extension Optional: WireValue where Wrapped: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self = try reader.read(Bool.self) ? try reader.read(Wrapped.self) : nil
    }

    func write(to writer: inout WireWriter) {
        writer.write(self != nil)
        if let self { writer.write(self) }
    }
}

extension String: WireValue {
    init(from reader: inout WireReader) throws(WireError) { self.init(decoding: try reader.block(), as: UTF8.self) }
    func write(to writer: inout WireWriter) { writer.append(utf8) }
}

extension Array: WireValue where Element: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        let count = try reader.read(Int.self)
        self = []
        // Not reserved: a wrong count must end in an error, not in a huge allocation.
        for _ in 0..<Swift.max(0, count) { append(try reader.read(Element.self)) }
    }

    func write(to writer: inout WireWriter) {
        writer.write(count)
        for element in self { writer.write(element) }
    }
}
