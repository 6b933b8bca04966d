/// `start container`: everything one attempt of a container needs, in one message.
public struct StartRequest: Equatable, Sendable {
    /// The container's id, new for each attempt.
    public var container: [UInt8] = []
    /// The process to become.
    public var process = ProcessPlan()
    /// Its root.
    public var root = RootPlan()
    /// How the root is furnished.
    public var steps: [MountStep] = []
    /// How long the birth may take.
    public var deadlineMilliseconds: UInt64 = 0
    /// What the descriptors are for.
    public var roles: [UInt8] = []

    /// How its log is rotated; nil: never.
    public var log: LogPlan?
    /// What becomes of its standard input.
    public var input = StandardInput.empty

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var hasProcess = false
        var hasRoot = false
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = try field.id
            case 2:
                process = try ProcessPlan(decoding: field.value)
                hasProcess = true
            case 3:
                root = try RootPlan(decoding: field.value)
                hasRoot = true
            case 4: steps.append(try MountStep(decoding: field.value))
            case 6: deadlineMilliseconds = try field.number
            case 7: roles = field.bytes
            case 8: log = try LogPlan(decoding: field.value)
            case 9: input = try StandardInput(decoding: field)
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
        if !hasProcess { throw .missing(tag: 2) }
        if !hasRoot { throw .missing(tag: 3) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, process.encoded)
        writer.put(3, root.encoded)
        for step in steps { writer.put(4, step.encoded) }
        writer.put(6, deadlineMilliseconds)
        writer.put(7, roles)
        if let log { writer.put(8, log.encoded) }
        if input != .empty { writer.put(9, input.rawValue) }
        return writer.bytes
    }
}
