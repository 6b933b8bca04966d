/// One step in furnishing the root; carried out in order.
public struct MountStep: Equatable, Sendable {
    /// A new instance of the file system type `source`.
    public static let filesystem: UInt32 = 1
    /// The tree at `source`.
    public static let bind: UInt32 = 2
    /// A character device.
    public static let device: UInt32 = 3
    /// A symbolic link that says `source`.
    public static let link: UInt32 = 4
    /// Hides the target.
    public static let mask: UInt32 = 5
    /// Makes the tree at the target read-only.
    public static let readOnly: UInt32 = 6
    /// Makes the cgroup namespace, of the cgroups the child is in.
    public static let cgroupNamespace: UInt32 = 7
    /// The tree at `source`, or at the last of `within`.
    public static let volume: UInt32 = 8
    /// A block device.
    public static let blockDevice: UInt32 = 9
    /// The layers `options`, top first, of the directory `source`, or the last of `within` in them.
    public static let image: UInt32 = 10

    /// One of the kinds above.
    public var kind: UInt32
    /// Where, inside the root.
    public var target: [UInt8]
    /// File system type, source path or link text.
    public var source: [UInt8]
    /// Mount options, "key=value" or "flag"; of an image: its layers, top first.
    public var options: [[UInt8]]
    /// MOUNT_ATTR_*.
    public var attributes: UInt64
    /// Device number.
    public var major: UInt32 = 0
    /// Device number.
    public var minor: UInt32 = 0
    /// Permission bits of a device.
    public var mode: UInt32 = 0
    /// User that a device belongs to.
    public var owner: UInt32 = 0
    /// Group that a device belongs to.
    public var group: UInt32 = 0
    /// Of a volume or image: paths, each resolved within the one before, the first within the source. Nothing leads out of them.
    public var within: [[UInt8]] = []
    /// Of a volume: on how many of the first of `within` no link is followed. A supervisor of an earlier release follows it.
    public var withoutLinks: UInt32 = 0
    /// Of a volume: whether a directory of the last of `within` is made when it is missing.
    public var isMade = false
    /// Of a volume: whether `attributes` go for what is mounted below it too.
    public var isRecursive = false
    /// Of a volume: whether what the node mounts below it later is seen.
    public var followsNode = false
    /// Of a volume: whether it is the node's own mount, so that each sees what the other mounts below it.
    public var isNodesOwn = false

    /// Whether this release knows how to carry it out.
    public var isKnown: Bool { (Self.filesystem...Self.image).contains(kind) }

    /// A step of these values.
    public init(
        kind: UInt32, target: [UInt8], source: [UInt8] = [], options: [[UInt8]] = [], attributes: UInt64 = 0
    ) {
        self.kind = kind
        self.target = target
        self.source = source
        self.options = options
        self.attributes = attributes
    }

    /// Reads the group.
    public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        self.init(kind: 0, target: [])
        var reader = FieldReader(bytes)
        while let field = try reader.next() {
            switch field.tag {
            case 1: kind = try field.number32
            case 2: target = field.bytes
            case 3: source = field.bytes
            case 4: options.append(field.bytes)
            case 5: attributes = try field.number
            case 6: major = try field.number32
            case 7: minor = try field.number32
            case 8: mode = try field.number32
            case 9: within.append(field.bytes)
            case 10: isMade = try field.flag
            case 11: isRecursive = try field.flag
            case 12: followsNode = try field.flag
            case 13: isNodesOwn = try field.flag
            case 14: owner = try field.number32
            case 15: group = try field.number32
            case 16: withoutLinks = try field.number32
            default: break
            }
        }
        if kind == 0 { throw .missing(tag: 1) }
    }

    /// The group's bytes.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, kind)
        writer.put(2, target)
        if !source.isEmpty { writer.put(3, source) }
        for option in options { writer.put(4, option) }
        if attributes != 0 { writer.put(5, attributes) }
        if kind == Self.device || kind == Self.blockDevice {
            writer.put(6, major)
            writer.put(7, minor)
            writer.put(8, mode)
        }
        for path in within { writer.put(9, path) }
        if isMade { writer.put(10, isMade) }
        if isRecursive { writer.put(11, isRecursive) }
        if followsNode { writer.put(12, followsNode) }
        if isNodesOwn { writer.put(13, isNodesOwn) }
        if owner != 0 { writer.put(14, owner) }
        if group != 0 { writer.put(15, group) }
        if withoutLinks != 0 { writer.put(16, withoutLinks) }
        return writer.bytes
    }
}
