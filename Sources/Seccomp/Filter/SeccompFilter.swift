/// A compiled profile: what the kernel runs before each system call.
public struct SeccompFilter: Sendable, Hashable {
    /// The program: eight bytes an instruction (`struct sock_filter`).
    public let program: [UInt8]
    /// SECCOMP_FILTER_FLAG_* to load it with.
    public let flags: UInt32

    /// The instructions it has; the kernel takes at most 4096.
    public var instructionCount: Int { program.count / 8 }

    init(program: [UInt8], flags: UInt32) {
        self.program = program
        self.flags = flags
    }
}
