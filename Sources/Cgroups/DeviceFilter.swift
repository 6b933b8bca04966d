import CLinux
import Glibc
import Linux

/// Which devices the processes of a container may open, whatever nodes they come by: its own few, and nothing else.
///
/// A program in the kernel decides, attached to a container's cgroup in the unified tree, which a hybrid machine has too: so
/// there is no hierarchy of devices to be joined at a birth. It is loaded once, and stays with each cgroup when this process
/// is gone.
public final class DeviceFilter: Sendable {
    private let program: Descriptor?
    private let refusal: SystemError?

    /// What a container may do with a device. Any node may be made by who has the capability for it: what it stands for can
    /// be opened no more than before (runc).
    static let rules: [clinux_device_rule] =
        [0, 1].map { clinux_device_rule(is_block: $0, major: -1, minor: -1, access: UInt32(CLINUX_DEVICE_MAKE)) }
        + [
            (1, 3), (1, 5), (1, 7), (1, 8), (1, 9),  // null, zero, full, random, urandom
            (5, 0), (5, 2), (136, -1),  // tty, ptmx, terminals
        ].map { clinux_device_rule(is_block: 0, major: $0, minor: $1, access: UInt32(CLINUX_DEVICE_USE)) }

    /// Loads the program; where the kernel refuses, every cgroup goes without.
    public init() {
        let loaded = Self.rules.withUnsafeBufferPointer { clinux_device_filter($0.baseAddress, $0.count) }
        refusal = loaded < 0 ? SystemError("bpf") : nil
        program = loaded < 0 ? nil : Descriptor(owning: loaded)
    }

    /// Holds the processes of a cgroup, and of all below it, to it. Repeated it changes nothing.
    ///
    /// - Parameter cgroup: a directory in the unified tree that is open.
    /// - Returns: why they go without, to be told to the user; nil when they do not.
    public func attach(to cgroup: Int32) -> String? {
        let reason: SystemError
        switch program {
        case .some(let program):
            if clinux_attach_device_filter(cgroup, program.raw) == 0 { return nil }
            reason = SystemError("bpf")
        case .none: reason = refusal ?? SystemError("bpf", code: ENOSYS)
        }
        return "no filter of devices (\(reason)): capabilities alone keep the container from the node's"
    }
}
