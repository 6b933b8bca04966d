/// The name of a log file once it is rotated: `0.log.20261123-180929.000000001`.
public enum RotatedName {
    /// The name for a file rotated at `time` (nanoseconds of wall time), always after `newest`, the newest one there:
    /// names sort by age, whatever the clock does.
    public static func make(of name: [UInt8], at time: UInt64, after newest: [UInt8]) -> [UInt8] {
        var stamp: [UInt8] = []
        appendRFC3339(nanoseconds: time, to: &stamp)
        var rotated = name
        rotated.append(0x2E)
        for byte in stamp {
            switch byte {
            case 0x2D, 0x3A, 0x5A: continue  // - : Z
            case 0x54: rotated.append(0x2D)  // T
            default: rotated.append(byte)
            }
        }
        if newest.isEmpty || newest.lexicographicallyPrecedes(rotated) { return rotated }
        return newest + [0x30]
    }

    /// How many of the lines in `lines` fit into `room` bytes, in bytes; at least the first line.
    public static func fitting(_ lines: ArraySlice<UInt8>, into room: Int) -> Int {
        var end = lines.startIndex
        while end < lines.endIndex {
            guard let newline = lines[end...].firstIndex(of: 0x0A) else { return lines.count }
            if end > lines.startIndex, newline + 1 - lines.startIndex > room { break }
            end = newline + 1
        }
        return end - lines.startIndex
    }
}
