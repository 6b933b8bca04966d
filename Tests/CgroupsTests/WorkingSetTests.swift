import Testing

@testable import Cgroups

@Suite("Working set")
struct WorkingSetTests {
    @Test(
        "is what is in use without the files that nobody touched for long, and never less than nothing",
        arguments: [(100, 30, 70), (100, 0, 100), (100, 100, 0), (100, 130, 0), (0, 0, 0)] as [(UInt64, UInt64, UInt64)]
    )
    func workingSet(usage: UInt64, inactive: UInt64, expected: UInt64) {
        #expect(CgroupUsage.workingSet(usage: usage, inactiveFile: inactive) == expected)
    }
}
