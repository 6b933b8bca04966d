import PodModel
import Testing

@Suite("Time") struct TimeTests {
    @Test(
        "wall time prints as Kubernetes objects write it",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_795_457_369, "2026-11-23T18:09:29Z"), (-1, "1969-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func rfc3339(seconds: Int64, text: String) {
        #expect(WallTime(nanoseconds: seconds * 1_000_000_000 + 999).rfc3339 == text)
    }

    @Test("within one boot, time passes by the boot clock, whatever happens to the wall clock")
    func sameBoot() {
        let boot = BootID("a")
        let before = Moment(wall: WallTime(nanoseconds: 500), boot: BootTime(nanoseconds: 10), bootID: boot)
        let after = Moment(wall: WallTime(nanoseconds: 0), boot: BootTime(nanoseconds: 17), bootID: boot)

        #expect(after.elapsed(since: before) == .nanoseconds(7))
    }

    @Test("across a reboot, time passes by the wall clock, never backwards, and at least since the boot")
    func acrossBoots() {
        let before = Moment(wall: WallTime(nanoseconds: 500), boot: BootTime(nanoseconds: 90), bootID: BootID("a"))
        let after = Moment(wall: WallTime(nanoseconds: 600), boot: BootTime(nanoseconds: 5), bootID: BootID("b"))
        let setBack = Moment(wall: WallTime(nanoseconds: 400), boot: BootTime(nanoseconds: 5), bootID: BootID("b"))

        #expect(after.elapsed(since: before) == .nanoseconds(100))
        #expect(setBack.elapsed(since: before) == .nanoseconds(5))
    }
}
