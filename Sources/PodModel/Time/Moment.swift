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

    /// How long ago an earlier moment was: by the boot clock within one boot, by the wall clock across a reboot, and then at
    /// least since this boot began.
    ///
    /// Never negative: where a wall clock was set back, or has not been set yet, time passes all the same.
    public func elapsed(since earlier: Moment) -> Duration {
        if bootID == earlier.bootID { return max(.zero, boot - earlier.boot) }
        return max(wall - earlier.wall, boot - BootTime(nanoseconds: 0))
    }
}
