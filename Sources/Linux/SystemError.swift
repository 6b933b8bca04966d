import Glibc

/// A system call that failed: which call, on what, and the kernel's reason.
///
/// Reads as one sentence: `openat /run/x: No such file or directory`.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name as its manual page spells it, for example `openat`.
    public let call: String
    /// The file, link or peer the call was about; nil where there is none.
    public let subject: String?
    /// The kernel's `errno`.
    public let code: Int32

    /// Describes a failure of `call`; without `code`, the calling thread's current `errno` is taken.
    public init(_ call: String, _ subject: String? = nil, code: Int32 = errno) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    /// The kernel's words for the code.
    public var reason: String { String(cString: strerror(code)) }

    /// `call subject: reason`.
    public var description: String { "\(call)\(subject.map { " \($0)" } ?? ""): \(reason)" }
}

/// Runs a system call that reports failure by a negative result, again as long as a signal interrupts it.
///
/// - Returns: the call's result.
/// - Throws: `SystemError` with the call's name, its subject and errno.
@discardableResult
public func retrying<Result: FixedWidthInteger & SignedInteger>(
    _ call: String, _ subject: @autoclosure () -> String? = nil, _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw SystemError(call, subject(), code: code) }
    }
}
