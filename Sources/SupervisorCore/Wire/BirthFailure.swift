/// A birth, or a request, that failed: at which step and why.
public struct BirthFailure: Equatable, Sendable {
    /// Step number; from 100 it is the request that was wrong.
    public var stage: UInt32
    /// errno, or 0.
    public var error: UInt32
    /// What it was about: a path, a program.
    public var detail: [UInt8]

    /// A failure of these values.
    public init(stage: UInt32, error: UInt32, detail: [UInt8]) {
        self.stage = stage
        self.error = error
        self.detail = detail
    }

    /// Reads a failure answer's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        self.init(stage: 0, error: 0, detail: [])
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: stage = try field.number32
            case 2: error = try field.number32
            case 3: detail = field.bytes
            default: break
            }
        }
    }

    /// The body of a failure answer.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, stage)
        writer.put(2, error)
        writer.put(3, detail)
        return writer.bytes
    }
}

/// Stages of a failure that is the request's, not a birth's.
public enum RequestFailure {
    /// The frame's fields cannot be read.
    public static let malformed: UInt32 = 100
    /// A message this supervisor does not know.
    public static let unknownMessage: UInt32 = 101
    /// No container or exec of that id.
    public static let unknownTarget: UInt32 = 102
    /// The Pod has no sandbox.
    public static let noSandbox: UInt32 = 103
    /// The container does not run.
    public static let notRunning: UInt32 = 104
    /// The supervisor is ending.
    public static let shuttingDown: UInt32 = 105
    /// There is no room for the exit record.
    public static let noExitRecord: UInt32 = 106
    /// Nobody can be attached: the output is closed, or cannot be passed on.
    public static let noOutput: UInt32 = 107
}
