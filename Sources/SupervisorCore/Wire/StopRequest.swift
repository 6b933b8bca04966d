/// `stop container`: a signal now, SIGKILL to all of it when the grace is over.
public struct StopRequest: Equatable, Sendable {
    /// The container.
    public var container: [UInt8] = []
    /// Sent to its first process.
    public var signal: UInt32 = 15
    /// Time until SIGKILL; 0: at once.
    public var graceMilliseconds: UInt64 = 0

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = try field.id
            case 2: signal = try field.signal
            case 3: graceMilliseconds = try field.number
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, signal)
        writer.put(3, graceMilliseconds)
        return writer.bytes
    }
}
