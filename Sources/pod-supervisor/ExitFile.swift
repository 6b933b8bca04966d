import CBirth

/// The `exits` file: a slot per container that was started and not acknowledged.
struct ExitFile {
    private let descriptor: Int32
    /// Whose record each slot is for; empty: nobody's.
    private var owners: [[UInt8]] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // A supervisor before this one may have left records: they stay until the agent has read them.
        var slot = [UInt8](repeating: 0, count: ExitRecord.slotSize)
        while pread(descriptor, &slot, slot.count, off_t(owners.count * slot.count)) == slot.count {
            owners.append(ExitRecord.decode(slot[...])?.id ?? [])
        }
    }

    /// Takes an empty slot, with room for it on the file system; nil when there is none.
    mutating func reserve(for id: [UInt8]) -> Int? {
        let slot = owners.firstIndex(of: []) ?? owners.count
        let offset = off_t(slot * ExitRecord.slotSize)
        guard posix_fallocate(descriptor, offset, off_t(ExitRecord.slotSize)) == 0 else { return nil }
        if slot == owners.count { owners.append(id) } else { owners[slot] = id }
        clear(slot)
        return slot
    }

    /// Writes how it ended.
    func write(_ exit: Exit, in slot: Int) {
        let bytes = ExitRecord.encode(exit)
        _ = pwrite(descriptor, bytes, bytes.count, off_t(slot * ExitRecord.slotSize))
    }

    /// Empties a slot.
    mutating func release(_ slot: Int) {
        clear(slot)
        owners[slot] = []
    }

    /// Empties the slots of an id that only an earlier supervisor knew.
    mutating func release(ofEarlier id: [UInt8]) {
        for slot in owners.indices where owners[slot] == id { release(slot) }
    }

    private func clear(_ slot: Int) {
        let zeros = [UInt8](repeating: 0, count: ExitRecord.slotSize)
        _ = pwrite(descriptor, zeros, zeros.count, off_t(slot * ExitRecord.slotSize))
    }
}
