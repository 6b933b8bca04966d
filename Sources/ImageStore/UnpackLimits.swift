/// How much an archive or a layer may hold before it is taken for an attack on the disk.
public struct UnpackLimits: Sendable, Hashable, Codable {
    /// Most files, directories and links in one archive or layer.
    public var entries: Int
    /// Most bytes that one archive or layer may hold once decompressed.
    public var bytes: Int64
    /// Most decompressed bytes for each compressed one, counted once a layer exceeds `ratioFloor`.
    public var ratio: Int64
    /// Decompressed bytes below which the ratio does not matter: a small layer of zeros is harmless.
    public var ratioFloor: Int64

    /// Limits with these values; the defaults fit the largest images in common use several times over.
    public init(
        entries: Int = 1_000_000, bytes: Int64 = 64 << 30, ratio: Int64 = 200, ratioFloor: Int64 = 1 << 30
    ) {
        self.entries = entries
        self.bytes = bytes
        self.ratio = ratio
        self.ratioFloor = ratioFloor
    }

    /// The most bytes that `compressed` bytes may grow to.
    func allowance(forCompressed compressed: Int64) -> Int64 {
        let (grown, overflow) = compressed.multipliedReportingOverflow(by: ratio)
        return min(bytes, max(ratioFloor, overflow ? .max : grown))
    }
}
