import CBirth

/// The `exits` file: a slot per container that was started and not acknowledged.
struct ExitFile {
    private let descriptor: Int32
    private var taken: [Bool] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // A supervisor before this one may have left records: they stay until the agent has read them.
        var slot = [UInt8](repeating: 0, count: ExitRecord.slotSize)
        while pread(descriptor, &slot, slot.count, off_t(taken.count * slot.count)) == slot.count {
            taken.append(ExitRecord.decode(slot[...]) != nil)
        }
    }

    /// Takes an empty slot, with room for it on the file system; nil when there is none.
    mutating func reserve() -> Int? {
        let slot = taken.firstIndex(of: false) ?? taken.count
        let offset = off_t(slot * ExitRecord.slotSize)
        guard posix_fallocate(descriptor, offset, off_t(ExitRecord.slotSize)) == 0 else { return nil }
        if slot == taken.count { taken.append(true) } else { taken[slot] = true }
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
        taken[slot] = false
    }

    private func clear(_ slot: Int) {
        let zeros = [UInt8](repeating: 0, count: ExitRecord.slotSize)
        _ = pwrite(descriptor, zeros, zeros.count, off_t(slot * ExitRecord.slotSize))
    }
}
