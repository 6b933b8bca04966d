/// `exec`: one more process in a running container.
public struct ExecRequest: Equatable, Sendable {
    /// The container.
    public var container: [UInt8] = []
    /// The process to become.
    public var process = ProcessPlan()
    /// Identifies this exec.
    public var exec: [UInt8] = []
    /// After this long all of the exec is killed; 0: never.
    public var timeoutMilliseconds: UInt64 = 0
    /// How long the birth may take.
    public var deadlineMilliseconds: UInt64 = 0
    /// What the descriptors are for.
    public var roles: [UInt8] = []

    /// Whether it is ended when the connection that asked for it is gone.
    public var endsWithClient = false

    /// Whether it is answered when it has ended, with its exit, of which then nothing is remembered or told otherwise.
    public var isAnsweredAtEnd = false

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var hasProcess = false
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = try field.id
            case 2:
                process = try ProcessPlan(decoding: field.value)
                hasProcess = true
            case 3: exec = try field.id
            case 5: timeoutMilliseconds = try field.number
            case 6: deadlineMilliseconds = try field.number
            case 7: roles = field.bytes
            case 8: endsWithClient = try field.flag
            case 9: isAnsweredAtEnd = try field.flag
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
        if !hasProcess { throw .missing(tag: 2) }
        if exec.isEmpty { throw .missing(tag: 3) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, process.encoded)
        writer.put(3, exec)
        writer.put(5, timeoutMilliseconds)
        writer.put(6, deadlineMilliseconds)
        writer.put(7, roles)
        if endsWithClient { writer.put(8, 1 as UInt64) }
        writer.put(9, isAnsweredAtEnd)
        return writer.bytes
    }
}
