import Linux

/// What can be wrong with a profile of system calls.
public enum SeccompError: Error, Hashable, CustomStringConvertible {
    /// The file is not there, or is no profile.
    case unreadable(path: String, reason: String)
    /// libseccomp cannot make a filter of it.
    case notCompiled(call: String, error: Int32)

    /// A sentence with the remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "seccomp profile \(path) cannot be used: \(reason)"
        case .notCompiled(let call, let error):
            "the seccomp profile cannot be made into a filter: \(call): \(SystemError(call, code: error).reason)"
        }
    }
}
