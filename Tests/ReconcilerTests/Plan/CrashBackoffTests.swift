import PodModel
import Reconciler
import Testing

@Suite("Crash back-off") struct CrashBackoffTests {
    @Test("restarts wait 0, 10, 20, 40, 80, 160, 300, 300 seconds from the end of the instance before")
    func ladder() {
        var delays: [Duration] = []
        var backoff: Backoff?
        var now = 0.0

        for _ in 0..<8 {
            now += 1
            let exit = ContainerExit.make("c", at: now)
            let held = CrashBackoff(after: exit, current: backoff, now: moment(now))
            delays.append(held.remaining)
            now += Double(held.remaining.components.seconds)
            backoff = CrashBackoff(after: exit, current: backoff, now: moment(now)).next
        }

        #expect(delays == [0, 10, 20, 40, 80, 160, 300, 300].map { Duration.seconds($0) })
    }

    @Test("the delay counts from the end, not from when it was noticed")
    func fromTheEnd() {
        let backoff = Backoff(delay: .seconds(40), updatedAt: moment(0))
        let held = CrashBackoff(after: .make("c", at: 5), current: backoff, now: moment(30))

        #expect(held.remaining == .seconds(15))
    }

    @Test("a container that ran for more than 600 seconds is forgiven")
    func forgiven() {
        let backoff = Backoff(delay: .seconds(160), updatedAt: moment(0))
        let held = CrashBackoff(after: .make("c", at: 601), current: backoff, now: moment(601))

        #expect(held.remaining == .zero)
        #expect(held.next?.delay == .seconds(10))
    }

    @Test("across a reboot the wall clock counts, and where that was lost, the time since the boot")
    func acrossBoots() {
        let backoff = Backoff(delay: .seconds(80), updatedAt: moment(0))
        let exit = ContainerExit.make("c", at: 5)
        func remaining(wall: Double, up: Int64) -> Duration {
            let now = Moment(
                wall: moment(wall).wall, boot: BootTime(nanoseconds: up * 1_000_000_000), bootID: BootID("b"))
            return CrashBackoff(after: exit, current: backoff, now: now).remaining
        }

        #expect(remaining(wall: 65, up: 1) == .seconds(20))
        #expect(remaining(wall: -900, up: 1) == .seconds(79), "a clock that was set back never lengthens the delay")
        #expect(remaining(wall: -1_000_000, up: 80) == .zero, "nor does one that nobody sets")
    }

    @Test("a reboot is not the container's fault")
    func reboot() {
        let backoff = Backoff(delay: .seconds(80), updatedAt: moment(0))
        let exit = ContainerExit.make("c", code: 137, reason: .containerStatusUnknown, at: 5)
        let held = CrashBackoff(after: exit, current: backoff, now: moment(6, boot: BootID("b")))

        #expect(held.remaining == .zero)
        #expect(held.next == backoff)
    }
}
