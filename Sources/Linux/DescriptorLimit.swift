import Glibc

/// Lets this process hold as many descriptors as it may: an agent holds some for each Pod, and the usual soft limit of
/// 1024 is there for programs that use select(2).
///
/// - Throws: `SystemError`.
public func raiseDescriptorLimit() throws(SystemError) {
    var limit = rlimit()
    try retrying("getrlimit", "NOFILE") { getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
    limit.rlim_cur = limit.rlim_max
    try retrying("setrlimit", "NOFILE") { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
}
