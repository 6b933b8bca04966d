/// Why a conversation with the kernel's routing socket failed.
public enum NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The socket itself failed.
    case system(SystemError)
    /// The kernel refused a request: what was wanted, its errno, and its own explanation where it gives one.
    case refused(purpose: String, code: Int32, explanation: String?)
    /// Bytes that are no netlink message: what was being read.
    case malformed(String)
    /// The kernel, which answers at once or never, did not answer.
    case unanswered(purpose: String)

    /// The kernel's errno where there is one.
    public var code: Int32? {
        switch self {
        case .system(let error): error.code
        case .refused(_, let code, _): code
        case .malformed, .unanswered: nil
        }
    }

    /// One sentence: what was wanted and why it was refused.
    public var description: String {
        switch self {
        case .system(let error): return "the netlink socket failed: \(error)"
        case .refused(let purpose, let code, let explanation):
            let reason = SystemError("netlink", code: code).reason
            return "cannot \(purpose): \(reason)\(explanation.map { " (\($0))" } ?? "")"
        case .malformed(let what): return "the kernel's netlink answer cannot be read: \(what)"
        case .unanswered(let purpose): return "cannot \(purpose): the kernel gave no answer on the netlink socket"
        }
    }
}
