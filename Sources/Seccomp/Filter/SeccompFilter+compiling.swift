import CLibSeccomp
import Glibc
import Linux

extension SeccompFilter {
    /// Makes the filter of a profile. Takes some milliseconds.
    ///
    /// - Parameter capabilities: what the container may ever hold; bit n is capability n.
    public init(_ profile: SeccompProfile, capabilities: UInt64) throws(SeccompError) {
        let context = try Context.make(defaultAction: profile.defaultAction, architectures: profile.architectures)
        let tail = NewerCalls(after: context.newestCall, by: profile.defaultAction)
        var allowed: Set<UInt32> = []
        for rule in profile.rules where rule.condition.holds(for: capabilities, on: SeccompArchitecture.machine) {
            // What happens anyway needs no rule, and libseccomp takes none.
            if rule.action == profile.defaultAction { continue }
            for name in rule.names {
                if try context.add(rule, to: name) { continue }
                guard rule.action == .allow, rule.arguments.isEmpty else { continue }
                if let number = SystemCalls.recent[name], number > context.newestCall { allowed.insert(number) }
            }
        }
        self.init(
            program: tail.program(allowing: allowed) + (try context.exported()),
            flags: profile.logsRefusals ? clibseccomp_flag_log : 0)
    }
}

/// libseccomp's state of one filter.
private struct Context: ~Copyable {
    private let state: scmp_filter_ctx

    private init(owning state: scmp_filter_ctx) { self.state = state }

    /// A filter of no rules.
    static func make(
        defaultAction: SeccompAction, architectures: [SeccompArchitecture]
    ) throws(SeccompError) -> Context {
        guard let state = seccomp_init(defaultAction.code) else {
            throw .notCompiled(call: "seccomp_init", error: ENOMEM)
        }
        let context = Context(owning: state)
        // A tree: the kernel walks through few instructions, whichever call it is.
        try context.check(seccomp_attr_set(state, SCMP_FLTATR_CTL_OPTIMIZE, 2), "seccomp_attr_set")
        try context.check(
            seccomp_attr_set(state, SCMP_FLTATR_ACT_BADARCH, clibseccomp_errno(UInt16(ENOSYS))), "seccomp_attr_set")
        for architecture in architectures where architecture != .native && architecture.isOfThisMachine {
            try context.check(seccomp_arch_add(state, architecture.token), "seccomp_arch_add")
        }
        return context
    }

    deinit { seccomp_release(state) }

    /// The number of the newest call that libseccomp knows; those of 424 and later are the same on all machines.
    var newestCall: UInt32 {
        var number: Int32 = 424
        while let name = seccomp_syscall_resolve_num_arch(SeccompArchitecture.native.token, number + 1) {
            free(name)
            number += 1
        }
        return UInt32(number)
    }

    /// Adds a rule for one call.
    ///
    /// - Returns: false when libseccomp does not know the call.
    func add(_ rule: SeccompRule, to name: String) throws(SeccompError) -> Bool {
        let number = seccomp_syscall_resolve_name(name)
        if number == -1 { return false }
        let arguments = rule.arguments.map {
            scmp_arg_cmp(arg: $0.index, op: $0.comparison.operation, datum_a: $0.value, datum_b: $0.masked)
        }
        let added = seccomp_rule_add_array(state, rule.action.code, number, UInt32(arguments.count), arguments)
        // A call that no architecture of the filter has; a rule that an earlier one says already.
        if added == -EDOM || added == -EEXIST || added == -EFAULT { return true }
        try check(added, "seccomp_rule_add \(name)")
        return true
    }

    /// The filter's instructions.
    func exported() throws(SeccompError) -> [UInt8] {
        do throws(SystemError) {
            // The longest filter that kernels take is half of what a pipe holds.
            let pipe = try Pipe()
            let result = seccomp_export_bpf(state, pipe.writing.raw)
            if result < 0 { throw SystemError("seccomp_export_bpf", code: -result) }
            let reading = pipe.intoReading()
            return try reading.readToEnd()
        } catch { throw .notCompiled(call: error.call, error: error.code) }
    }

    private func check(_ result: Int32, _ call: String) throws(SeccompError) {
        if result < 0 { throw .notCompiled(call: call, error: -result) }
    }
}

extension SeccompArchitecture {
    fileprivate var token: UInt32 {
        switch self {
        case .x86_64: clibseccomp_x86_64
        case .x86: clibseccomp_x86
        case .x32: clibseccomp_x32
        case .aarch64: clibseccomp_aarch64
        case .arm: clibseccomp_arm
        }
    }
}

extension SeccompAction {
    /// As the kernel has it.
    fileprivate var code: UInt32 {
        switch self {
        case .allow: clibseccomp_allow
        case .log: clibseccomp_log
        case .fail(let number): clibseccomp_errno(number)
        case .trap: clibseccomp_trap
        case .trace(let number): clibseccomp_trace(number)
        case .killThread: clibseccomp_kill_thread
        case .killProcess: clibseccomp_kill_process
        }
    }
}

extension SeccompArgument.Comparison {
    fileprivate var operation: scmp_compare {
        switch self {
        case .notEqual: SCMP_CMP_NE
        case .less: SCMP_CMP_LT
        case .lessOrEqual: SCMP_CMP_LE
        case .equal: SCMP_CMP_EQ
        case .greaterOrEqual: SCMP_CMP_GE
        case .greater: SCMP_CMP_GT
        case .maskedEqual: SCMP_CMP_MASKED_EQ
        }
    }
}
