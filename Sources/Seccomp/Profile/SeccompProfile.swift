/// Which system calls a container may make: the seccomp section of an OCI runtime's configuration, or a profile of
/// Docker's, which says in addition for which capabilities and architectures a rule is meant.
public struct SeccompProfile: Sendable, Hashable {
    /// What happens to a call that no rule is about.
    public var defaultAction: SeccompAction
    /// The instruction sets whose programs may run beside the machine's own; a call of any other is answered by ENOSYS.
    public var architectures: [SeccompArchitecture]
    /// The rules; each is about some calls.
    public var rules: [SeccompRule]
    /// Whether calls that are not allowed are written into the audit log.
    public var logsRefusals: Bool

    /// A profile.
    public init(
        defaultAction: SeccompAction, architectures: [SeccompArchitecture] = [], rules: [SeccompRule] = [],
        logsRefusals: Bool = false
    ) {
        self.defaultAction = defaultAction
        self.architectures = architectures
        self.rules = rules
        self.logsRefusals = logsRefusals
    }
}

/// What becomes of a system call.
public enum SeccompAction: Sendable, Hashable {
    /// It is made.
    case allow
    /// It is made, and written into the audit log.
    case log
    /// It fails with this errno.
    case fail(UInt16)
    /// The process gets SIGSYS.
    case trap
    /// A tracer decides; without one the call fails with ENOSYS. The number is the tracer's to read.
    case trace(UInt16)
    /// The thread ends.
    case killThread
    /// The process ends.
    case killProcess
}

/// What happens to some calls.
public struct SeccompRule: Sendable, Hashable {
    /// The calls by name. Names that neither libseccomp nor this release knows are left to what happens by default.
    public var names: [String]
    /// What becomes of them.
    public var action: SeccompAction
    /// What their arguments must be like for the rule to apply; all of it.
    public var arguments: [SeccompArgument]
    /// For whom the rule is meant.
    public var condition: SeccompCondition

    /// A rule.
    public init(
        _ names: [String], _ action: SeccompAction, arguments: [SeccompArgument] = [],
        when condition: SeccompCondition = SeccompCondition()
    ) {
        self.names = names
        self.action = action
        self.arguments = arguments
        self.condition = condition
    }
}

/// What one argument of a call must be like.
public struct SeccompArgument: Sendable, Hashable {
    /// How it is compared (libseccomp's `scmp_compare`).
    public enum Comparison: String, Sendable, Hashable, CaseIterable {
        /// It is another.
        case notEqual = "SCMP_CMP_NE"
        /// It is less.
        case less = "SCMP_CMP_LT"
        /// It is less, or the same.
        case lessOrEqual = "SCMP_CMP_LE"
        /// It is the same.
        case equal = "SCMP_CMP_EQ"
        /// It is greater, or the same.
        case greaterOrEqual = "SCMP_CMP_GE"
        /// It is greater.
        case greater = "SCMP_CMP_GT"
        /// Its bits under `value` are `masked`.
        case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// Which argument, from 0 to 5.
    public var index: UInt32
    /// How it is compared.
    public var comparison: Comparison
    /// With what; a mask for `maskedEqual`.
    public var value: UInt64
    /// What is under the mask.
    public var masked: UInt64

    /// A demand on an argument.
    public init(_ index: UInt32, _ comparison: Comparison, _ value: UInt64, masked: UInt64 = 0) {
        self.index = index
        self.comparison = comparison
        self.value = value
        self.masked = masked
    }
}

/// For whom a rule is meant (Docker's `includes` and `excludes`). What is empty demands nothing.
public struct SeccompCondition: Sendable, Hashable {
    /// One of these capabilities is held: their numbers.
    public var anyOf: Set<Int>
    /// None of these capabilities is held.
    public var noneOf: Set<Int>
    /// The machine is one of these.
    public var architectures: Set<String>
    /// The machine is none of these.
    public var otherArchitectures: Set<String>

    /// A condition.
    public init(
        anyOf: Set<Int> = [], noneOf: Set<Int> = [], architectures: Set<String> = [],
        otherArchitectures: Set<String> = []
    ) {
        self.anyOf = anyOf
        self.noneOf = noneOf
        self.architectures = architectures
        self.otherArchitectures = otherArchitectures
    }

    /// Whether the rule is meant for a container with these capabilities on such a machine.
    ///
    /// - Parameters:
    ///   - capabilities: bit n is capability n.
    ///   - machine: Docker's word, `amd64` or `arm64`.
    func holds(for capabilities: UInt64, on machine: String) -> Bool {
        func holds(_ number: Int) -> Bool { (0..<64).contains(number) && capabilities >> UInt64(number) & 1 == 1 }
        return (anyOf.isEmpty || anyOf.contains(where: holds)) && !noneOf.contains(where: holds)
            && (architectures.isEmpty || architectures.contains(machine)) && !otherArchitectures.contains(machine)
    }
}
