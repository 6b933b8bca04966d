import Testing

@testable import ImageStore

@Suite("Unpack limits")
struct UnpackLimitsTests {
    private let limits = UnpackLimits(entries: 10, bytes: 10_000, ratio: 10, ratioFloor: 500)

    @Test(
        "a layer may grow to the floor, then by the ratio, and never beyond the bytes",
        arguments: [(0, 500), (1, 500), (60, 600), (5_000, 10_000), (Int64.max, 10_000)] as [(Int64, Int64)])
    func allowance(compressed: Int64, expected: Int64) {
        #expect(limits.allowance(forCompressed: compressed) == expected)
    }
}
