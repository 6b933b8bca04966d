import CBirth

/// Memory for the C side of one birth: strings and lists that live until the clone has returned.
struct Arena: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit { for block in blocks { free(block) } }

    /// `bytes` as a C string.
    mutating func string(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
        let block = allocate(bytes.count + 1)
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { memcpy(block, base, source.count) }
        }
        block.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        return UnsafePointer(block.assumingMemoryBound(to: CChar.self))
    }

    /// A list of C strings that ends with NULL, with `spare` more NULLs behind it.
    mutating func list(_ items: [[UInt8]], spare: Int = 0) -> UnsafeMutablePointer<UnsafePointer<CChar>?> {
        let slots = items.count + 1 + spare
        let block = allocate(slots * MemoryLayout<UnsafePointer<CChar>?>.stride)
        let list = block.bindMemory(to: UnsafePointer<CChar>?.self, capacity: slots)
        for index in 0..<slots { list[index] = nil }
        for index in 0..<items.count { list[index] = string(items[index]) }
        return list
    }

    /// Room for `count` values.
    mutating func array<Value>(_ type: Value.Type, count: Int) -> UnsafeMutablePointer<Value> {
        allocate(max(1, count) * MemoryLayout<Value>.stride).bindMemory(to: type, capacity: max(1, count))
    }

    private mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        guard let block = calloc(1, size) else { abort() }
        blocks.append(block)
        return block
    }
}
