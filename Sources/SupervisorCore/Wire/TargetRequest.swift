/// `acknowledge` and `signal exec`: one container or one exec, and perhaps a signal.
public struct TargetRequest: Equatable, Sendable {
    /// The container, or empty.
    public var container: [UInt8] = []
    /// The signal, for `signal exec`.
    public var signal: UInt32 = 0
    /// The exec, or empty.
    public var exec: [UInt8] = []

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = try field.id
            case 2: signal = try field.signal
            case 3: exec = try field.id
            default: break
            }
        }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        if !container.isEmpty { writer.put(1, container) }
        writer.put(2, signal)
        if !exec.isEmpty { writer.put(3, exec) }
        return writer.bytes
    }
}
