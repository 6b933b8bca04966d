import Testing

@testable import reconcile_agent

@Suite("Keys that end a session")
struct DetachKeysTests {
    @Test("nothing is held back but what may be them, and what comes after them is dropped")
    func sequence() throws {
        var keys = try #require(DetachKeys(parsing: DetachKeys.usual))
        let (p, q, a) = (UInt8(0x10), UInt8(0x11), UInt8(ascii: "a"))

        #expect(keys.take([a, p]) == ([a], false))
        #expect(keys.take([a]) == ([p, a], false))
        #expect(keys.take([q, p, p]) == ([q, p], false))
        #expect(keys.take([q, a]) == ([], true))
    }

    @Test(
        "keys are named as kubectl's",
        arguments: [("a", [0x61]), ("ctrl-@,ctrl-_,DEL", [0, 0x1F, 0x7F]), ("ctrl-a,b", [1, 0x62])])
    func names(text: String, bytes: [UInt8]) throws {
        var keys = try #require(DetachKeys(parsing: text))
        #expect(keys.take(bytes) == ([], true))
    }

    @Test("what is no key is refused", arguments: ["", "ctrl-", "ctrl-A", "ctrl-ab", "ab", "a,,b", "shift-a"])
    func refused(text: String) { #expect(DetachKeys(parsing: text) == nil) }
}
