/// The container's root: an overlay of the image's layers with a writable layer on top.
public struct RootPlan: Equatable, Sendable {
    /// Layers, top first, relative to `base`.
    public var lower: [[UInt8]] = []
    /// Directory that holds the layers.
    public var base: [UInt8] = []
    /// The writable layer.
    public var upper: [UInt8] = []
    /// overlayfs's work directory, beside the writable layer.
    public var work: [UInt8] = []
    /// Whether nothing may be written.
    public var readOnly = false

    /// A plan to be filled in.
    public init() {}

    /// Reads the group.
    public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        var reader = FieldReader(bytes)
        while let field = try reader.next() {
            switch field.tag {
            case 1: lower.append(field.bytes)
            case 2: base = field.bytes
            case 3: upper = field.bytes
            case 4: work = field.bytes
            case 5: readOnly = try field.flag
            default: break
            }
        }
        if lower.isEmpty { throw .missing(tag: 1) }
    }

    /// The group's bytes.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        for layer in lower { writer.put(1, layer) }
        writer.put(2, base)
        writer.put(3, upper)
        writer.put(4, work)
        writer.put(5, readOnly)
        return writer.bytes
    }
}
