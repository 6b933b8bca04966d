// What Kubernetes demands of hooks (k8s.io/kubernetes/pkg/apis/core/validation: validateLifecycle).

extension Rule where Value == LifecycleHandler {
    /// Exactly one handler.
    static var oneHandler: Rule {
        Rule { handler in
            let handlers: [(String, Bool)] = [
                ("exec", handler.exec != nil), ("httpGet", handler.httpGet != nil), ("sleep", handler.sleep != nil),
            ]
            return .ofHandlers(handlers.filter(\.1).map(\.0))
        }
    }
}

extension [Violation] {
    /// What is wrong about the handlers of a probe or hook, by the names of those that are written.
    static func ofHandlers(_ written: [String]) -> [Violation] {
        if written.isEmpty { return [Violation(message: "Required value: must specify a handler type")] }
        return written.dropFirst().map {
            Violation(message: "Forbidden: may not specify more than 1 handler type", place: [.field($0)])
        }
    }
}

extension Rule where Value == PodSpec {
    /// Hooks that sleep end within the Pod's grace; signals are those of a system that is named.
    static var lifecycles: Rule {
        Rule { spec in
            let lists = [("containers", spec.containers), ("initContainers", spec.initContainers)]
            return lists.flatMap { list, containers in
                containers.enumerated().flatMap { index, container in
                    violations(of: container, in: spec).map { violation in
                        Violation(
                            message: violation.message,
                            place: [.field(list), .index(index), .field("lifecycle")] + violation.place)
                    }
                }
            }
        }
    }

    private static func violations(of container: Container, in spec: PodSpec) -> [Violation] {
        guard let lifecycle = container.lifecycle else { return [] }
        let grace = spec.terminationGracePeriodSeconds
        var violations: [Violation] = []
        for (name, hook) in [("postStart", lifecycle.postStart), ("preStop", lifecycle.preStop)] {
            guard let seconds = hook?.sleep?.seconds, !(0...grace).contains(seconds) else { continue }
            let rule = "must be non-negative and less than terminationGracePeriodSeconds (\(grace))"
            violations.append(
                Violation(message: "Invalid value: \(seconds): \(rule)", place: [.field(name), .field("sleep")]))
        }
        if lifecycle.stopSignal != nil, spec.os == nil {
            violations.append(
                Violation(
                    message: "Forbidden: may not be set for containers with empty `spec.os.name`",
                    place: [.field("stopSignal")]))
        }
        return violations
    }
}

extension Rule where Value == String {
    /// A signal as Linux names it (Kubernetes' list).
    static var linuxSignal: Rule {
        Rule { name in
            if LinuxSignals.all.contains(name) { return [] }
            let known = LinuxSignals.all.sorted().map(\.quoted).joined(separator: ", ")
            return [Violation(message: "Unsupported value: \(name.quoted): supported values: \(known)")]
        }
    }
}

/// The names that `stopSignal` may hold.
private enum LinuxSignals {
    static let all: Set<String> = Set(
        [
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
        ] + (1...15).map { "RTMIN+\($0)" } + (1...14).map { "RTMAX-\($0)" }
    ).reduce(into: []) { $0.insert("SIG\($1)") }
}
