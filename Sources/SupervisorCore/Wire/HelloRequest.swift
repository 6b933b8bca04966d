/// `hello`: which protocol the client speaks, and whether it wants events.
public struct HelloRequest: Equatable, Sendable {
    /// The client's protocol.
    public var version: UInt32 = 1
    /// Whether exits are to be told as they happen.
    public var subscribe = false

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: version = try field.number32
            case 2: subscribe = try field.flag
            default: break
            }
        }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, version)
        writer.put(2, subscribe)
        return writer.bytes
    }
}
