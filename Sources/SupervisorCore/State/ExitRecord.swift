/// A slot of the `exits` file: how a container ended, kept until an agent has committed it.
public enum ExitRecord {
    /// Bytes of a slot.
    public static let slotSize = 512
    private static let magic: [UInt8] = [0x52, 0x43, 0x45, 0x58]  // RCEX
    private static let headerSize = 12

    /// A slot that holds `exit`; a detail too long for the slot is cut.
    public static func encode(_ exit: Exit) -> [UInt8] {
        var exit = exit
        var group = exit.encoded
        if group.count > slotSize - headerSize, let failure = exit.failure {
            let excess = group.count - (slotSize - headerSize)
            exit.failure?.detail = [UInt8](failure.detail.prefix(max(0, failure.detail.count - excess)))
            group = exit.encoded
        }
        var slot = magic
        append(UInt64(group.count), width: 4, to: &slot)
        append(UInt64(crc32(group[...])), width: 4, to: &slot)
        slot.append(contentsOf: group)
        while slot.count < slotSize { slot.append(0) }
        return [UInt8](slot.prefix(slotSize))
    }

    /// What a slot holds; nil when it is empty or was not written whole.
    public static func decode(_ slot: ArraySlice<UInt8>) -> Exit? {
        let start = slot.startIndex
        guard slot.count == slotSize, slot[start..<start + 4].elementsEqual(magic) else { return nil }
        let length = Int(littleEndian(slot[start + 4..<start + 8]))
        guard length <= slotSize - headerSize else { return nil }
        let group = slot[start + headerSize..<start + headerSize + length]
        guard UInt64(crc32(group)) == littleEndian(slot[start + 8..<start + 12]) else { return nil }
        return try? Exit(decoding: group)
    }

    /// Every exit that a whole `exits` file holds.
    public static func decodeAll(_ file: [UInt8]) -> [Exit] {
        var exits: [Exit] = []
        var start = 0
        while start + slotSize <= file.count {
            if let exit = decode(file[start..<start + slotSize]) { exits.append(exit) }
            start += slotSize
        }
        return exits
    }
}
