import PodNetwork
import Testing

@Suite("Address pool")
struct AddressPoolTests {
    private static func pool(_ text: String) throws -> AddressPool { AddressPool(try #require(IPv4Subnet(text))) }

    @Test("the first Pod gets the first address after the gateway")
    func first() throws {
        #expect(try Self.pool("10.88.0.0/16").next(after: nil) { _ in false }?.description == "10.88.0.2")
    }

    @Test("a full network gives nothing")
    func full() throws {
        let pool = try Self.pool("10.88.0.0/29")
        let all = Set((2...6).compactMap { IPv4Address("10.88.0.\($0)") })

        #expect(pool.capacity == all.count)
        #expect(pool.next(after: nil, isInUse: all.contains) == nil)
    }

    @Test("after the last host it goes on with the first")
    func wraps() throws {
        let pool = try Self.pool("10.88.0.0/29")

        #expect(pool.next(after: IPv4Address("10.88.0.6")) { _ in false }?.description == "10.88.0.2")
        #expect(pool.next(after: IPv4Address("192.168.0.1")) { _ in false }?.description == "10.88.0.2")
    }

    @Test("a just freed address is used last")
    func reusedLast() throws {
        let pool = try Self.pool("10.88.0.0/29")
        let freed = try #require(pool.next(after: nil) { _ in false })

        var last = freed
        for _ in 1..<pool.capacity {
            last = try #require(pool.next(after: last) { _ in false })
            #expect(last != freed)
        }

        #expect(pool.next(after: last) { _ in false } == freed)
    }

    @Test("births, deaths and crashes in any order never give an address twice and never lose one", arguments: 1...40)
    func property(seed: UInt64) throws {
        let pool = try Self.pool("10.88.0.0/28")
        var node = ModelNode(pool: pool, random: SplitMix(state: seed))

        for step in 0..<400 {
            node.step()
            #expect(node.isConsistent, "step \(step): \(node)")
        }
        node.endEverything()

        #expect(node.addressesUntilFull() == pool.capacity)
    }
}

/// A node as the pool sees it: records, links that outlive them for a while, and a memory that crashes lose.
private struct ModelNode {
    let pool: AddressPool
    var random: SplitMix
    var records: [Int: IPv4Address] = [:]
    var links: [Int: IPv4Address] = [:]
    var last: IPv4Address?
    var births = 0

    var inUse: Set<IPv4Address> { Set(records.values).union(links.values) }

    /// No two Pods share an address, neither by record nor by link.
    var isConsistent: Bool {
        let owners = records.merging(links) { record, _ in record }
        return Set(owners.values).count == owners.count && records.allSatisfy { links[$0.key] ?? $0.value == $0.value }
    }

    mutating func step() {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4:
            guard let address = pool.next(after: last, isInUse: inUse.contains) else { return }
            births += 1
            records[births] = address
            last = address
            // Killed between the record and the link in one birth of four.
            if Int.random(in: 0..<4, using: &random) > 0 { links[births] = address }
        case 4..<6: if let pod = records.keys.randomElement(using: &random) { records[pod] = nil }
        case 6..<8:
            let dying = links.keys.filter { records[$0] == nil }
            if let pod = dying.randomElement(using: &random) { links[pod] = nil }
        case 8: for (pod, address) in records { links[pod] = address }
        default: last = nil
        }
    }

    mutating func endEverything() { (records, links) = ([:], [:]) }

    mutating func addressesUntilFull() -> Int {
        while let address = pool.next(after: last, isInUse: inUse.contains) {
            births += 1
            records[births] = address
        }
        return Set(records.values).count
    }
}

/// A generator whose numbers are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
