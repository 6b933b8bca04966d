// The tables of a container's restart rules, and what Kubernetes demands of them
// (k8s.io/kubernetes/pkg/apis/core/validation: validateContainerRestartPolicy).

extension ContainerRestartRule {
    static let schema = ObjectSchema(
        "ContainerRestartRule", blank: { ContainerRestartRule(exitCodes: ContainerExitCodes(.in, [])) },
        [
            .field("action", \.action, .word(refused: ["RestartAllContainers"]), required: true),
            .field("exitCodes", \.exitCodes, ContainerExitCodes.schema.shape, required: true),
        ])
}

extension ContainerExitCodes {
    static let schema = ObjectSchema(
        "ContainerRestartRuleOnExitCodes", blank: { ContainerExitCodes(.in, []) },
        [
            .field("operator", \.operator, .word(), required: true),
            .field(
                "values", \.values,
                .list(of: .integer.obeying(.between(-2_147_483_648...2_147_483_647))).obeying(.atMost(255))),
        ])
}

extension Rule where Value == Container {
    /// Rules are exceptions to a policy of the container's own.
    static var rulesHavePolicy: Rule {
        Rule { container in
            guard container.restartPolicy == nil, !container.restartPolicyRules.isEmpty else { return [] }
            return [
                Violation(
                    message: "Required value: must specify restartPolicy when restart rules are used",
                    hint: "write restartPolicy beside restartPolicyRules: what counts where no rule does",
                    place: [.field("restartPolicy")])
            ]
        }
    }
}

extension Rule {
    /// No more items than these.
    static func atMost<Item>(_ most: Int) -> Rule where Value == [Item] {
        Rule { items in
            items.count > most
                ? [Violation(message: "Too many: \(items.count): must have at most \(most) items")] : []
        }
    }
}
