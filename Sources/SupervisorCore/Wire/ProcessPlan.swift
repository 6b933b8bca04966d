/// The process to become, as it travels in `start` and `exec`.
public struct ProcessPlan: Equatable, Sendable {
    /// Program and arguments; the program is looked up in the container's PATH.
    public var arguments: [[UInt8]] = []
    /// `NAME=value`, in order.
    public var environment: [[UInt8]] = []
    /// Working directory inside the container.
    public var directory: [UInt8] = [0x2F]
    /// "", "uid", "uid:gid", "name" or "name:group".
    public var user: [UInt8] = []
    /// Capabilities as a mask; bit n is capability n.
    public var capabilities: UInt64 = 0
    /// Whether set-user-ID programs and file capabilities gain nothing.
    public var noNewPrivileges = false
    /// Whether the process gets a terminal of the container's devpts.
    public var terminal = false
    /// Size of the terminal; 0 leaves it unset.
    public var rows: UInt32 = 0
    /// Size of the terminal; 0 leaves it unset.
    public var columns: UInt32 = 0

    /// How willingly the kernel kills it when memory runs out, from -1000 to 1000; nil: as the supervisor.
    public var oomScoreAdjustment: Int32?
    /// Groups it is in besides its own and the image's.
    public var groups: [UInt32] = []
    /// Whether the memberships that the image's /etc/group says are left out.
    public var leavesImageGroups = false
    /// Whether it is not to come to be where its user turns out to be root.
    public var isNeverRoot = false
    /// The filter of its system calls, eight bytes an instruction; empty: none.
    public var seccompFilter: [UInt8] = []
    /// SECCOMP_FILTER_FLAG_* to load the filter with.
    public var seccompFlags: UInt32 = 0

    /// A plan to be filled in.
    public init() {}

    /// Reads the group.
    public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        var reader = FieldReader(bytes)
        while let field = try reader.next() {
            switch field.tag {
            case 1: arguments.append(field.bytes)
            case 2: environment.append(field.bytes)
            case 3: directory = field.bytes
            case 4: user = field.bytes
            case 5: capabilities = try field.number
            case 6: noNewPrivileges = try field.flag
            case 7: terminal = try field.flag
            case 8: rows = try field.number32
            case 9: columns = try field.number32
            case 10: oomScoreAdjustment = Int32(min(try field.number, 2000)) - 1000
            case 11: seccompFilter = field.bytes
            case 12: seccompFlags = try field.number32
            case 13: groups.append(try field.number32)
            case 14: leavesImageGroups = try field.flag
            case 15: isNeverRoot = try field.flag
            default: break
            }
        }
        if arguments.isEmpty { throw .missing(tag: 1) }
    }

    /// The group's bytes.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        for argument in arguments { writer.put(1, argument) }
        for variable in environment { writer.put(2, variable) }
        writer.put(3, directory)
        writer.put(4, user)
        writer.put(5, capabilities)
        writer.put(6, noNewPrivileges)
        writer.put(7, terminal)
        writer.put(8, rows)
        writer.put(9, columns)
        if let score = oomScoreAdjustment { writer.put(10, UInt64(min(max(0, score + 1000), 2000))) }
        if !seccompFilter.isEmpty {
            writer.put(11, seccompFilter)
            writer.put(12, seccompFlags)
        }
        for group in groups { writer.put(13, group) }
        writer.put(14, leavesImageGroups)
        writer.put(15, isNeverRoot)
        return writer.bytes
    }
}
