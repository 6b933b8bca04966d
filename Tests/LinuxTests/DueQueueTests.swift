import Testing

@testable import Linux

@Suite("What is due at a time")
struct DueQueueTests {
    @Test("comes out of the queue in the order in which it is due, whatever the order it went in", arguments: 0..<50)
    func order(seed: UInt64) {
        var generator = Chance(state: seed)
        var queue = DueQueue<Int, Int>()
        let dues = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
            Int.random(in: 0..<100, using: &generator)
        }
        for due in dues { queue.insert(due, due: due) }
        let limit = Int.random(in: 0..<100, using: &generator)

        var taken: [Int] = []
        while let next = queue.take(now: limit) { taken.append(next) }

        #expect(taken == dues.filter { $0 <= limit }.sorted())
        #expect(queue.earliest?.due == dues.filter { $0 > limit }.min())
    }

    @Test("may be called off before, which leaves nothing behind")
    func calledOff() {
        var timers = TimerQueue<Int>()
        let keys = (0..<1000).map { timers.insert($0, due: BootInstant(nanoseconds: UInt64($0))) }
        for (number, key) in keys.enumerated() where number % 10 != 5 { timers.cancel(key) }

        var taken: [Int] = []
        #expect(timers.earliest == BootInstant(nanoseconds: 5))
        while let next = timers.take(now: BootInstant(nanoseconds: 500)) { taken.append(next) }

        #expect(taken == stride(from: 5, through: 495, by: 10).map { $0 })
        #expect(timers.earliest == BootInstant(nanoseconds: 505))
        for key in keys { timers.cancel(key) }
        #expect(timers.isEmpty && timers.earliest == nil)
    }
}

private struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
