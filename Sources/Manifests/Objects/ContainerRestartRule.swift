/// That a container starts again which ended in a certain way, whatever its policy says (core/v1 ContainerRestartRule).
public struct ContainerRestartRule: Sendable, Hashable {
    /// What is done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It starts again.
        case restart = "Restart"
    }

    /// What is done.
    public var action: Action
    /// The ends it is about.
    public var exitCodes: ContainerExitCodes

    /// A rule.
    public init(action: Action = .restart, exitCodes: ContainerExitCodes) {
        self.action = action
        self.exitCodes = exitCodes
    }
}

/// Some of the codes that a container may end with (core/v1 ContainerRestartRuleOnExitCodes).
public struct ContainerExitCodes: Sendable, Hashable {
    /// How codes are compared.
    public enum Operator: String, Sendable, Hashable, CaseIterable {
        /// Those of the values.
        case `in` = "In"
        /// All but the values.
        case notIn = "NotIn"
    }

    /// How codes are compared.
    public var `operator`: Operator
    /// The codes.
    public var values: [Int]

    /// Some codes.
    public init(_ operator: Operator, _ values: [Int]) {
        self.operator = `operator`
        self.values = values
    }

    /// Whether a code is among them.
    public func contains(_ code: Int) -> Bool { values.contains(code) == (self.operator == .in) }
}

extension PodSpec {
    /// Whether a rule of a container starts it again that ended with this code: the first that is about the code decides
    /// (kubelet: `findMatchingContainerRestartRule`). An init container that ended well is done.
    public func hasRestartRule(for container: Container, endingWith code: Int) -> Bool {
        if code == 0, !container.isSidecar, hasInit(container.name) { return false }
        return container.restartPolicyRules.first { $0.exitCodes.contains(code) }?.action == .restart
    }
}
