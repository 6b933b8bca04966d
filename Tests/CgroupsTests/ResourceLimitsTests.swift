import Testing

@testable import Cgroups

@Suite("Resource limits in the kernel's measures")
struct ResourceLimitsTests {
    @Test(
        "shares follow the request, and weights follow shares as crun and runc bend them",
        arguments: [
            (0, 2, 1), (50, 51, 11), (100, 102, 17), (250, 256, 35), (500, 512, 59), (1000, 1024, 100),
            (2000, 2048, 174), (4000, 4096, 303),
        ] as [(Int64, UInt64, UInt64)])
    func shares(request: Int64, shares: UInt64, weight: UInt64) {
        #expect(CPUShares(milliCPU: request).value == shares)
        #expect(CPUShares(milliCPU: request).weight == weight)
    }

    @Test(
        "the ends of both scales meet",
        arguments: [(-1, 2, 1), (1, 2, 1), (.max, 262_144, 10_000)] as [(Int64, UInt64, UInt64)])
    func ends(request: Int64, shares: UInt64, weight: UInt64) {
        #expect(CPUShares(milliCPU: request).value == shares)
        #expect(CPUShares(milliCPU: request).weight == weight)
    }

    @Test("more shares never weigh less")
    func monotonous() {
        var before: UInt64 = 0
        for request in stride(from: Int64(0), through: 300_000, by: 7) {
            let weight = CPUShares(milliCPU: request).weight
            #expect(weight >= before)
            before = weight
        }
    }

    @Test(
        "a quota is the limit's part of 100 ms, and the kernel's 1000 µs at least",
        arguments: [(1, 1000), (9, 1000), (10, 1000), (11, 1100), (500, 50_000), (2500, 250_000)]
            as [(Int64, UInt64)])
    func quota(limit: Int64, microseconds: UInt64) {
        #expect(CPUQuota(milliCPU: limit).microseconds == microseconds)
    }

    @Test("cgroup v2 lends no swap, whether memory is bounded or not", arguments: [nil, 64 << 20] as [UInt64?])
    func swap(bytes: UInt64?) {
        #expect(
            MemorySetting.all(bytes).map { "\($0.file) \($0.value)" } == [
                "memory.swap.max 0", "memory.max \(bytes.map { "\($0)" } ?? "max")",
            ])
    }
}
