import SupervisorCore
import Testing

@Suite("Lifecycle of a supervised process")
struct LifecycleTests {
    @Test("a stop sends its signal once, and kills when the grace is over")
    func stop() {
        var life = Lifecycle(birthDeadline: 100)
        #expect(life.born(killAt: nil) == .none)

        #expect(life.stop(signal: 15, deadline: 50, now: 10) == .signal(15))
        #expect(life.stop(signal: 15, deadline: 60, now: 11) == .none)
        #expect(life.tick(now: 49) == .none)
        #expect(life.tick(now: 50) == .kill)
    }

    @Test("a second stop may bring the end forward, never put it off")
    func shorterStop() {
        var life = Lifecycle(birthDeadline: nil)
        _ = life.born(killAt: nil)
        _ = life.stop(signal: 15, deadline: 1000, now: 0)

        #expect(life.stop(signal: 15, deadline: 20, now: 10) == .none)
        #expect(life.killAt == 20)
        #expect(life.stop(signal: 15, deadline: 500, now: 11) == .none)
        #expect(life.killAt == 20)
    }

    @Test("a stop without grace kills at once")
    func noGrace() {
        var life = Lifecycle(birthDeadline: nil)
        _ = life.born(killAt: nil)

        #expect(life.stop(signal: 15, deadline: 10, now: 10) == .kill)
    }

    @Test("a stop before birth is carried out at birth")
    func stopBeforeBirth() {
        var life = Lifecycle(birthDeadline: 100)

        #expect(life.stop(signal: 15, deadline: 50, now: 1) == .none)
        #expect(life.born(killAt: nil) == .signal(15))
        #expect(life.phase == .stopping)
        #expect(life.killAt == 50)
    }

    @Test("the deadline of the birth does not cut the grace of a stop that came before it")
    func graceAfterBirth() {
        var life = Lifecycle(birthDeadline: 100)

        #expect(life.stop(signal: 15, deadline: 900, now: 1) == .none)
        #expect(life.killAt == 100)
        #expect(life.born(killAt: nil) == .signal(15))
        #expect(life.killAt == 900)
    }

    @Test("a birth that hangs is killed at its deadline, again every second until it is gone")
    func birthDeadline() {
        var life = Lifecycle(birthDeadline: 100)

        #expect(life.tick(now: 100) == .kill)
        #expect(life.tick(now: 101) == .none)
        #expect(life.tick(now: 1_000_000_100) == .kill)
        life.exited()
        #expect(life.killAt == nil)
        #expect(life.tick(now: .max) == .none)
    }

    @Test("an exec's time limit starts with its birth")
    func execLimit() {
        var life = Lifecycle(birthDeadline: 10)
        _ = life.born(killAt: 70)

        #expect(life.tick(now: 69) == .none)
        #expect(life.tick(now: 70) == .kill)
    }
}
