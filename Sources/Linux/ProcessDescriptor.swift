import CLinux
import Glibc

/// A process that is no child of ours, held by a pidfd.
public struct ProcessDescriptor: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Takes hold of the process that has this number now.
    public init(_ pid: pid_t) throws(SystemError) {
        descriptor = Descriptor(owning: try retrying("pidfd_open", String(pid)) { clinux_pidfd_open(pid) })
    }

    /// Sends SIGKILL; a process that is gone already is fine.
    public borrowing func kill() throws(SystemError) {
        let raw = descriptor.raw
        do throws(SystemError) {
            try retrying("pidfd_send_signal") { clinux_pidfd_send_signal(raw, SIGKILL) }
        } catch {
            if error.code != ESRCH { throw error }
        }
    }
}
