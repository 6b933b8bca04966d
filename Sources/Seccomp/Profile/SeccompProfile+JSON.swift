import FoundationEssentials

extension SeccompProfile {
    /// Reads a profile in the format of OCI runtimes or of Docker.
    ///
    /// - Parameters:
    ///   - capability: the number of a capability by its name without `CAP_`; nil for one that there is not.
    ///   - path: where it was read, for the errors.
    /// - Throws: `SeccompError.unreadable` when it is no such profile, or asks for what this release cannot do.
    public init(
        json: [UInt8], from path: String, capability: (String) -> Int?
    ) throws(SeccompError) {
        let file: ProfileFile
        do { file = try JSONDecoder().decode(ProfileFile.self, from: Data(json)) } catch {
            throw .unreadable(path: path, reason: Self.words(of: error))
        }
        do throws(Complaint) {
            self.init(
                defaultAction: try SeccompAction(file.defaultAction, errno: file.defaultErrnoRet),
                logsRefusals: try file.logsRefusals)
            for name in file.allArchitectures {
                if let known = try SeccompArchitecture(named: name) { architectures.append(known) }
            }
            for rule in file.syscalls ?? [] { rules.append(try SeccompRule(rule, capability: capability)) }
        } catch { throw .unreadable(path: path, reason: error.words) }
    }

    private static func words(of error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "it has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" holds another kind of value"
        default: "it is not JSON"
        }
    }
}

/// What is wrong with a profile.
private struct Complaint: Error { let words: String }

/// The file as it is written.
private struct ProfileFile: Decodable {
    struct Rule: Decodable {
        let name: String?
        let names: [String]?
        let action: String
        let errnoRet: UInt16?
        let args: [Argument]?
        let includes: Condition?
        let excludes: Condition?
    }

    struct Argument: Decodable {
        let index: UInt32
        let value: UInt64
        let valueTwo: UInt64?
        let op: String
    }

    struct Condition: Decodable {
        let caps: [String]?
        let arches: [String]?
        let minKernel: String?
    }

    struct Family: Decodable {
        let architecture: String
        let subArchitectures: [String]?
    }

    let defaultAction: String
    let defaultErrnoRet: UInt16?
    let architectures: [String]?
    let archMap: [Family]?
    let flags: [String]?
    let syscalls: [Rule]?
    let listenerPath: String?

    /// OCI lists all; Docker lists by machine.
    var allArchitectures: [String] {
        (architectures ?? [])
            + (archMap ?? []).filter { $0.architecture == SeccompArchitecture.native.rawValue }
            .flatMap { [$0.architecture] + ($0.subArchitectures ?? []) }
    }

    var logsRefusals: Bool {
        get throws(Complaint) {
            if listenerPath != nil { throw Complaint(words: "nobody listens at its \"listenerPath\": remove it") }
            // The others are how every filter is loaded here: one thread, and no mitigation that kernels gave up.
            let harmless = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]
            if let other = flags?.first(where: { !harmless.contains($0) }) {
                throw Complaint(words: "the flag \"\(other)\" is not supported")
            }
            return flags?.contains("SECCOMP_FILTER_FLAG_LOG") ?? false
        }
    }
}

extension SeccompAction {
    fileprivate init(_ name: String, errno: UInt16?) throws(Complaint) {
        switch name {
        case "SCMP_ACT_ALLOW": self = .allow
        case "SCMP_ACT_LOG": self = .log
        case "SCMP_ACT_ERRNO": self = .fail(errno ?? 1)
        case "SCMP_ACT_TRAP": self = .trap
        case "SCMP_ACT_TRACE": self = .trace(errno ?? 1)
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": self = .killThread
        case "SCMP_ACT_KILL_PROCESS": self = .killProcess
        case "SCMP_ACT_NOTIFY":
            throw Complaint(words: "the action \"\(name)\" is not supported: nobody is there to ask")
        default: throw Complaint(words: "there is no action \"\(name)\"")
        }
    }
}

extension SeccompArchitecture {
    /// Nil for one of other machines.
    fileprivate init?(named name: String) throws(Complaint) {
        if Self.foreign.contains(name) { return nil }
        guard let known = Self(rawValue: name) else { throw Complaint(words: "there is no architecture \"\(name)\"") }
        guard known.isOfThisMachine else { return nil }
        self = known
    }
}

extension SeccompRule {
    fileprivate init(_ rule: ProfileFile.Rule, capability: (String) -> Int?) throws(Complaint) {
        let names = (rule.names ?? []) + (rule.name.map { [$0] } ?? [])
        if names.isEmpty { throw Complaint(words: "a rule of it names no system call") }
        if rule.includes?.minKernel.map(Self.isOfOldKernels) == false || rule.excludes?.minKernel != nil {
            throw Complaint(
                words: "a rule of it is for some kernels only (\"minKernel\"): remove the rule, or the demand")
        }
        func numbers(_ names: [String]?) throws(Complaint) -> Set<Int> {
            var numbers: Set<Int> = []
            for name in names ?? [] {
                guard let number = capability(name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name) else {
                    throw Complaint(words: "there is no capability \"\(name)\"")
                }
                numbers.insert(number)
            }
            return numbers
        }
        self.init(
            names, try SeccompAction(rule.action, errno: rule.errnoRet),
            when: SeccompCondition(
                anyOf: try numbers(rule.includes?.caps), noneOf: try numbers(rule.excludes?.caps),
                architectures: Set(rule.includes?.arches ?? []), otherArchitectures: Set(rule.excludes?.arches ?? [])))
        for argument in rule.args ?? [] { arguments.append(try SeccompArgument(argument)) }
    }

    /// Whether every kernel that the project runs on is at least this one (Linux 5.14, for cgroup.kill).
    private static func isOfOldKernels(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0) ?? .max }
        return numbers.lexicographicallyPrecedes([5, 14])
    }
}

extension SeccompArgument {
    fileprivate init(_ argument: ProfileFile.Argument) throws(Complaint) {
        guard let comparison = Comparison(rawValue: argument.op) else {
            throw Complaint(words: "there is no comparison \"\(argument.op)\"")
        }
        guard argument.index < 6 else { throw Complaint(words: "a system call has no argument \(argument.index)") }
        self.init(argument.index, comparison, argument.value, masked: argument.valueTwo ?? 0)
    }
}
