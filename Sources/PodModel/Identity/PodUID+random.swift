extension PodUID {
    /// A random (version 4) UUID of the generator's bits.
    public static func random(using generator: inout some RandomNumberGenerator) -> PodUID {
        let version: UInt64 = 0x4000
        let high = (generator.next() & ~0xF000 as UInt64) | version
        let variant: UInt64 = 0x8000_0000_0000_0000
        let low = (generator.next() & ~(0xC000_0000_0000_0000 as UInt64)) | variant
        let digits = Array(hexadecimal(high) + hexadecimal(low))
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return PodUID(groups.map { String(digits[$0]) }.joined(separator: "-"))
    }
}

private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
