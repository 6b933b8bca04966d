/// `mount`: a tmpfs in the supervisor's own mount namespace, made once; the answer carries its directory.
public struct MountRequest: Equatable, Sendable {
    /// The directory that it is mounted on; made when it is missing.
    public var target: [UInt8] = []
    /// Mount options, "key=value" each.
    public var options: [[UInt8]] = []

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: target = field.bytes
            case 2: options.append(field.bytes)
            default: break
            }
        }
        if target.isEmpty { throw .missing(tag: 1) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, target)
        for option in options { writer.put(2, option) }
        return writer.bytes
    }
}
