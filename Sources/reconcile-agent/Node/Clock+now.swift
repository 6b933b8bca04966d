import Linux
import PodModel

extension WallTime {
    /// The wall clock now. Read here and handed on: what decides takes time as an argument.
    static func now() -> WallTime { WallTime(nanoseconds: Int64(clamping: WallInstant.now().nanoseconds)) }
}

extension BootTime {
    /// The boot clock now.
    static func now() -> BootTime { BootTime(nanoseconds: Int64(clamping: BootInstant.now().nanoseconds)) }
}

extension BootID {
    /// This boot's identity.
    static func current() throws(SystemError) -> BootID {
        let bytes = try Descriptor.open("/proc/sys/kernel/random/boot_id").readToEnd()
        return BootID(String(decoding: bytes.filter { $0 > UInt8(ascii: " ") }, as: UTF8.self))
    }
}

extension Moment {
    /// Both clocks now.
    static func now() throws(SystemError) -> Moment { Moment(wall: .now(), boot: .now(), bootID: try .current()) }
}
