/// How a container's log file is rotated.
public struct LogPlan: Equatable, Sendable {
    /// The longest name of a log file, in bytes: a rotated one gets the time appended.
    public static let longestName = 200

    /// The file's name in its directory.
    public var name: [UInt8]
    /// Bytes after which it is rotated; 0: never.
    public var limit: UInt64
    /// How many files are kept, the one being written among them.
    public var files: UInt32

    /// A plan.
    public init(name: [UInt8], limit: UInt64, files: UInt32) {
        self.name = name
        self.limit = limit
        self.files = files
    }

    /// Reads the group.
    ///
    /// - Throws: `WireError` also when the name is none of a file in a directory.
    public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        self.init(name: [], limit: 0, files: 1)
        var reader = FieldReader(bytes)
        while let field = try reader.next() {
            switch field.tag {
            case 1: name = field.bytes
            case 2: limit = try field.number
            case 3: files = try field.number32
            default: break
            }
        }
        let leadsElsewhere = name.contains(0x2F) || name.contains(0) || name == [0x2E] || name == [0x2E, 0x2E]
        if name.isEmpty || name.count > Self.longestName || leadsElsewhere { throw .missing(tag: 1) }
    }

    /// The group's bytes.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, name)
        writer.put(2, limit)
        writer.put(3, files)
        return writer.bytes
    }
}
