/// How a container or exec ended; group 21 of the protocol and the content of an exit record.
public struct Exit: Equatable, Sendable {
    /// The container's or exec's id.
    public var id: [UInt8] = []
    /// The process's number on the node; 0 when none came to be.
    public var pid: UInt32 = 0
    /// When it started, nanoseconds of wall time; 0 when it never did.
    public var startedAt: UInt64 = 0
    /// When it ended, nanoseconds of wall time.
    public var finishedAt: UInt64 = 0
    /// When it ended, nanoseconds since boot.
    public var finishedBoot: UInt64 = 0
    /// Exit code; 128 + signal when a signal ended it; 128 when it could not be started.
    public var code: UInt32 = 0
    /// The signal that ended it; 0: none.
    public var signal: UInt32 = 0
    /// Whether its cgroup counted an OOM kill while it ran.
    public var killedForMemory = false
    /// The step of the birth that failed; nil: it ran.
    public var failure: BirthFailure?

    /// An exit to be filled in.
    public init() {}

    /// Reads the group.
    public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        var failed = BirthFailure(stage: 0, error: 0, detail: [])
        var reader = FieldReader(bytes)
        while let field = try reader.next() {
            switch field.tag {
            case 1: id = field.bytes
            case 2: pid = try field.number32
            case 3: startedAt = try field.number
            case 4: finishedAt = try field.number
            case 5: finishedBoot = try field.number
            case 6: code = try field.number32
            case 7: signal = try field.number32
            case 8: killedForMemory = try field.flag
            case 9: failed.stage = try field.number32
            case 10: failed.error = try field.number32
            case 11: failed.detail = field.bytes
            default: break
            }
        }
        if id.isEmpty { throw .missing(tag: 1) }
        if failed.stage != 0 { failure = failed }
    }

    /// The group's bytes.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, id)
        writer.put(2, pid)
        writer.put(3, startedAt)
        writer.put(4, finishedAt)
        writer.put(5, finishedBoot)
        writer.put(6, code)
        writer.put(7, signal)
        writer.put(8, killedForMemory)
        if let failure {
            writer.put(9, failure.stage)
            writer.put(10, failure.error)
            writer.put(11, failure.detail)
        }
        return writer.bytes
    }
}
