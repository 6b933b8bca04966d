import CLinux
import Glibc

/// A privilege of root that a confined thread may keep (capabilities(7)).
public enum Capability: UInt64, Sendable, CaseIterable {
    /// Give files away.
    case chown = 0
    /// Read and write whatever the permission bits say.
    case dacOverride = 1
    /// Change modes and times of files of others.
    case fileOwner = 3
    /// Keep set-user-ID and set-group-ID bits.
    case keepSetID = 4
    /// Give files capabilities.
    case setFileCapabilities = 31
}

/// Makes `directory` all that the calling thread can see from now on, without network.
///
/// The directory becomes root and working directory; nothing in it can be executed. Descriptors opened before stay
/// usable: they are how a worker gets at the one file it works on. Nothing changes for the host or other threads.
public func confine(to directory: String) throws(SystemError) {
    var failed: UnsafePointer<CChar>?
    if clinux_confine_root(directory, &failed) < 0 { throw failure(failed, directory) }
}

/// Gives up every capability but `kept`, for good.
public func confinePrivileges(to kept: Set<Capability>) throws(SystemError) {
    var failed: UnsafePointer<CChar>?
    let mask = kept.reduce(UInt64(0)) { $0 | 1 << $1.rawValue }
    if clinux_confine_privileges(mask, &failed) < 0 { throw failure(failed, nil) }
}

/// Limits the memory that this process may write to, in bytes, for good: what asks for more fails, and not the machine.
public func limitMemory(to bytes: UInt64) throws(SystemError) {
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
    if setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit) != 0 { throw SystemError("setrlimit") }
}

private func failure(_ call: UnsafePointer<CChar>?, _ subject: String?) -> SystemError {
    SystemError(call.map { String(cString: $0) } ?? "confine", subject)
}
