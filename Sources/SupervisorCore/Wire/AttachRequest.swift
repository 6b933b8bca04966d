/// What becomes of a container's standard input.
public enum StandardInput: UInt32, Sendable {
    /// There is nothing to read, ever.
    case empty = 0
    /// It is open as long as the container runs, whoever comes and goes.
    case open = 1
    /// It is open until the first who had it lets go of it.
    case once = 2

    /// Reads a field; what this release does not know is refused.
    init(decoding field: Field) throws(WireError) {
        guard let known = StandardInput(rawValue: try field.number32) else { throw .numberTooLarge }
        self = known
    }
}

/// `attach`: what a container writes from now on, and its standard input.
public struct AttachRequest: Equatable, Sendable {
    /// The container.
    public var container: [UInt8] = []
    /// Whether standard input is wanted too, or at a terminal its other side.
    public var wantsInput = false

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = try field.id
            case 2: wantsInput = try field.flag
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, wantsInput)
        return writer.bytes
    }
}

/// The answer to `attach`; the descriptors are the output's, and the input's where there is one.
public struct AttachAnswer: Equatable, Sendable {
    /// What becomes of the input that came along; `empty` when nothing that is written to it would be read.
    public var input = StandardInput.empty
    /// Whether the container has a terminal, whose other side is what came along.
    public var isTerminal = false

    /// An answer to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: input = try StandardInput(decoding: field)
            case 2: isTerminal = try field.flag
            default: break
            }
        }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, input.rawValue)
        writer.put(2, isTerminal)
        return writer.bytes
    }
}

/// The first byte of each packet that somebody attached receives.
public enum AttachPacket {
    /// What the container wrote to standard output, or shows on its terminal.
    public static let output: UInt8 = 1
    /// What it wrote to standard error.
    public static let error: UInt8 = 2
    /// Eight bytes: how many bytes are missing here, because they were not read in time.
    public static let lost: UInt8 = 3
    /// Nothing more will come: the container has ended, or closed its output.
    public static let end: UInt8 = 4
    /// Too many are attached.
    public static let refused: UInt8 = 5
    /// Bytes of the longest packet.
    public static let longest = 1 + 32 << 10
    /// How many may be attached to one container at once.
    public static let readerLimit = 16
}
