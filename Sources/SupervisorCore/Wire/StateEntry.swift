/// One line of what a supervisor knows: its sandbox, a container or an exec; group 20 of the protocol.
public struct StateEntry: Equatable, Sendable {
    /// The Pod's sandbox.
    public static let sandbox: UInt32 = 1
    /// A container.
    public static let container: UInt32 = 2
    /// An exec.
    public static let exec: UInt32 = 3

    /// One of the kinds above.
    public var kind: UInt32 = 0
    /// Its id.
    public var id: [UInt8] = []
    /// How far it is.
    public var phase: ProcessPhase = .starting
    /// Its process; 0 before there is one.
    public var pid: UInt32 = 0
    /// When it started, nanoseconds of wall time.
    public var startedAt: UInt64 = 0
    /// How it ended, in phase exited.
    public var exit: Exit?

    /// An entry to be filled in.
    public init() {}

    /// Reads the group.
    public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        var reader = FieldReader(bytes)
        while let field = try reader.next() {
            switch field.tag {
            case 1: kind = try field.number32
            case 2: id = field.bytes
            case 3: phase = ProcessPhase(rawValue: UInt8(truncatingIfNeeded: try field.number)) ?? .running
            case 4: pid = try field.number32
            case 5: startedAt = try field.number
            case 21: exit = try Exit(decoding: field.value)
            default: break
            }
        }
    }

    /// The group's bytes.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, kind)
        writer.put(2, id)
        writer.put(3, UInt64(phase.rawValue))
        writer.put(4, pid)
        writer.put(5, startedAt)
        if let exit { writer.put(21, exit.encoded) }
        return writer.bytes
    }
}

/// How far a supervised process is; the numbers travel.
public enum ProcessPhase: UInt8, Equatable, Sendable {
    /// Cloned, not yet what it is to become.
    case starting = 1
    /// Running.
    case running = 2
    /// Told to stop.
    case stopping = 3
    /// Ended, its exit not yet acknowledged.
    case exited = 4
}
