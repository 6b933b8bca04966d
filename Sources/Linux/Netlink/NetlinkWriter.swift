import CLinux

/// The body of a netlink message under construction: integers in the machine's order, attributes aligned to four bytes.
public struct NetlinkWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty body.
    public init() {}

    /// Appends an integer in the machine's byte order.
    public mutating func integer(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are.
    public mutating func raw(_ payload: some Collection<UInt8>) { bytes.append(contentsOf: payload) }

    /// Appends one attribute; its payload is at most 65,531 bytes.
    public mutating func attribute(_ type: Int, _ payload: some Collection<UInt8>) {
        attribute(UInt16(truncatingIfNeeded: type)) { $0.raw(payload) }
    }

    /// Appends one attribute that holds an integer in the machine's byte order.
    public mutating func attribute(_ type: Int, integer value: some FixedWidthInteger) {
        attribute(UInt16(truncatingIfNeeded: type)) { $0.integer(value) }
    }

    /// Appends one attribute that holds a text, ended by a zero byte.
    public mutating func attribute(_ type: Int, text: String) { attribute(type, Array(text.utf8) + [0]) }

    /// Appends one attribute made of what `body` writes, marked as nested.
    public mutating func nested(_ type: Int, _ body: (inout NetlinkWriter) -> Void) {
        attribute(UInt16(truncatingIfNeeded: type) | UInt16(NLA_F_NESTED), body)
    }

    /// Appends one attribute that holds an integer in network order, as netfilter's do.
    public mutating func attribute(_ type: Int, network value: some FixedWidthInteger) {
        attribute(type, integer: value.bigEndian)
    }

    private mutating func attribute(_ type: UInt16, _ body: (inout NetlinkWriter) -> Void) {
        let start = bytes.count
        integer(UInt16(0))
        integer(type)
        body(&self)
        let length = UInt16(clamping: bytes.count - start)
        withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<start + 2, with: $0) }
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
