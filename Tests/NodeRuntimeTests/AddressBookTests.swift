import PodModel
import PodNetwork
import Testing

@testable import NodeRuntime

@Suite("Addresses of Pods")
struct AddressBookTests {
    private func book() throws -> AddressBook { AddressBook(AddressPool(try #require(IPv4Subnet("10.88.0.0/29")))) }

    @Test("a Pod keeps its address until it is released")
    func keeping() throws {
        let book = try book()
        let first = book.take(for: PodUID("a")) { [] }

        #expect(book.take(for: PodUID("a")) { [] } == first)
        #expect(book.take(for: PodUID("b")) { [] } != first)
    }

    @Test("what a record or a link has is not given away; all in use is told")
    func exhaustion() throws {
        let book = try book()
        let last = try #require(IPv4Address("10.88.0.6"))
        book.note(last, of: PodUID("old"))
        let given = (0..<4).compactMap { book.take(for: PodUID("p\($0)")) { [] } }

        #expect(given.count == 4)
        #expect(!given.contains(last))
        #expect(book.take(for: PodUID("late")) { [] } == nil)
        book.release(PodUID("old"))
        #expect(book.take(for: PodUID("late")) { [] } == last)
    }
    @Test("an address that was given back is not given away while its link is still there")
    func departing() throws {
        let book = try book()
        let given = (0..<5).compactMap { book.take(for: PodUID("p\($0)")) { [] } }
        book.release(PodUID("p3"))

        #expect(book.take(for: PodUID("late")) { [given[3]] } == nil)
        #expect(book.take(for: PodUID("late")) { [] } == given[3])
    }

    @Test("an address of another network is not kept, and one that another Pod has is not shared")
    func strangers() throws {
        let book = try book()
        book.note(try #require(IPv4Address("10.99.0.2")), of: PodUID("moved"))
        let address = try #require(IPv4Address("10.88.0.3"))
        book.note(address, of: PodUID("a"))
        book.note(address, of: PodUID("b"))

        #expect(book.take(for: PodUID("moved")) { [] }?.description == "10.88.0.2")
        #expect(book.take(for: PodUID("a")) { [] } == address)
        #expect(book.take(for: PodUID("b")) { [] } != address)
    }

    @Test("births, deaths, crashes and reboots in any order: no address twice, none lost", arguments: 1...60)
    func property(seed: UInt64) throws {
        var node = BookedNode(pool: AddressPool(try #require(IPv4Subnet("10.88.0.0/28"))), seed: seed)

        for step in 0..<300 {
            node.step()
            #expect(node.isConsistent, "step \(step): \(node)")
        }

        #expect(node.birthsUntilFull() == node.pool.capacity)
    }
}

/// A node as its address book sees it: records and links outlive the book, links outlive their Pods for a while.
private struct BookedNode {
    let pool: AddressPool
    private var random: SplitMix
    private var book: AddressBook
    /// By Pod: its record, with the address once its birth was completed.
    private var records: [PodUID: IPv4Address?] = [:]
    private var links: [PodUID: Set<IPv4Address>] = [:]
    private var births = 0

    init(pool: AddressPool, seed: UInt64) {
        self.pool = pool
        random = SplitMix(state: seed)
        book = AddressBook(pool)
    }

    /// No two Pods share an address, neither by record nor by a link that is still there.
    var isConsistent: Bool {
        var owners: [IPv4Address: PodUID] = [:]
        for (uid, addresses) in links.map({ ($0, $1) }) + records.map({ ($0, Set([$1].compactMap { $0 })) }) {
            for address in addresses {
                if let owner = owners[address], owner != uid { return false }
                owners[address] = uid
            }
        }
        return true
    }

    mutating func step() {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<5: bear()
        case 5..<7: if let uid = records.keys.sorted().randomElement(using: &random) { end(uid) }
        case 7..<10: if let uid = links.keys.sorted().randomElement(using: &random) { tearLinks(of: uid) }
        case 10: restart()
        default: reboot()
        }
    }

    /// A birth, cut short by a crash in one of three places or completed.
    private mutating func bear() {
        births += 1
        let uid = PodUID("p\(births)")
        let linked = linked
        records[uid] = .some(nil)
        guard let address = book.take(for: uid, linked: { linked }) else { return end(uid) }
        let reached = Int.random(in: 0..<6, using: &random)
        if reached > 0 { links[uid, default: []].insert(address) }
        if reached > 1 { records[uid] = address }
        if reached < 2 { restart() }
    }

    private mutating func end(_ uid: PodUID) {
        book.release(uid)
        records[uid] = nil
    }

    /// The kernel takes links of Pods that ended.
    private mutating func tearLinks(of uid: PodUID) { if records[uid] == nil { links[uid] = nil } }

    private var linked: Set<IPv4Address> { links.values.reduce(into: []) { $0.formUnion($1) } }

    /// A new agent: links first, then records.
    private mutating func restart() {
        book = AddressBook(pool)
        for (uid, addresses) in links {
            for address in addresses {
                if records[uid] == nil { book.noteDeparting(address) } else { book.note(address, of: uid) }
            }
        }
        for case (let uid, let address?) in records { book.note(address, of: uid) }
    }

    private mutating func reboot() {
        links = [:]
        restart()
    }

    /// Ends everything, and counts how many Pods find an address after that.
    mutating func birthsUntilFull() -> Int {
        for uid in records.keys { end(uid) }
        links = [:]
        var given: Set<IPv4Address> = []
        for number in 0...pool.capacity {
            if let address = book.take(for: PodUID("last\(number)"), linked: { [] }) { given.insert(address) }
        }
        return given.count
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
