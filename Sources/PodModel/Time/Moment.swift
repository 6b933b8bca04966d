/// Both clocks read at once, and the boot they were read in.
public struct Moment: Hashable, Sendable, Codable {
    /// For display, and for durations that span a reboot.
    public let wall: WallTime
    /// For durations and deadlines within `bootID`.
    public let boot: BootTime
    /// The boot that `boot` counts from.
    public let bootID: BootID

    /// Puts two readings together.
    public init(wall: WallTime, boot: BootTime, bootID: BootID) {
        self.wall = wall
        self.boot = boot
        self.bootID = bootID
    }

    /// How long ago an earlier moment was: by the boot clock within one boot, by the wall clock across a reboot.
    ///
    /// Never negative: a wall clock that was set back counts as no time passed.
    public func elapsed(since earlier: Moment) -> Duration {
        let passed = bootID == earlier.bootID ? boot - earlier.boot : wall - earlier.wall
        return max(.zero, passed)
    }
}
