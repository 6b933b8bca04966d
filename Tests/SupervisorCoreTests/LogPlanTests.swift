import SupervisorCore
import Testing

@Suite("Rotating a log")
struct LogPlanTests {
    @Test("a name of the past carries the time, and sorts behind every earlier one whatever the clock does")
    func names() {
        let name = Array("0.log".utf8)
        let first = RotatedName.make(of: name, at: 1_795_630_169_000_000_001, after: [])
        let second = RotatedName.make(of: name, at: 1_795_630_169_000_000_001, after: first)
        let third = RotatedName.make(of: name, at: 5, after: second)

        #expect(String(decoding: first, as: UTF8.self) == "0.log.20261125-180929.000000001")
        #expect(first.lexicographicallyPrecedes(second))
        #expect(second.lexicographicallyPrecedes(third))
    }

    @Test(
        "as many whole lines as there is room for, and at least one",
        arguments: [(0, 3), (3, 3), (5, 3), (6, 6), (100, 8)])
    func fitting(room: Int, count: Int) {
        #expect(RotatedName.fitting(Array("ab\ncd\ne\n".utf8)[...], into: room) == count)
    }

    @Test(
        "a name that leads elsewhere is refused",
        arguments: ["", "a/b", "..", ".", "a\0b", String(repeating: "x", count: 201)])
    func badName(name: String) {
        let bytes = LogPlan(name: Array(name.utf8), limit: 1, files: 2).encoded

        #expect(throws: WireError.self) { try LogPlan(decoding: bytes[...]) }
    }

    @Test("what was written is read")
    func roundTrip() throws {
        let plan = LogPlan(name: Array("0.log".utf8), limit: 10 << 20, files: 5)

        #expect(try LogPlan(decoding: plan.encoded[...]) == plan)
    }
}
