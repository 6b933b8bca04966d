import Linux
import PodModel

extension WallTime {
    /// The wall clock now.
    static func now() -> WallTime { WallTime(nanoseconds: Int64(clamping: WallInstant.now().nanoseconds)) }
}

extension BootTime {
    /// The boot clock now.
    static func now() -> BootTime { BootTime(nanoseconds: Int64(clamping: BootInstant.now().nanoseconds)) }
}
