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
        let first = book.take(for: PodUID("a"))

        #expect(book.take(for: PodUID("a")) == first)
        #expect(book.take(for: PodUID("b")) != first)
    }

    @Test("what a record or a link has is not given away; all in use is told")
    func exhaustion() throws {
        let book = try book()
        let last = try #require(IPv4Address("10.88.0.6"))
        book.note(last, of: PodUID("old"))
        let given = (0..<4).compactMap { book.take(for: PodUID("p\($0)")) }

        #expect(given.count == 4)
        #expect(!given.contains(last))
        #expect(book.take(for: PodUID("late")) == nil)
        book.release(PodUID("old"))
        #expect(book.take(for: PodUID("late")) == last)
    }
}
