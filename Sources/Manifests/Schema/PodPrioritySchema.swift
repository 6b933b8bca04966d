// What decides which Pod comes first, and which goes first when the node runs short.

extension PodPriority {
    static let fields: [FieldSchema<PodSpec>] = [
        .optional(
            "priority", \.priority.value, .integer.obeying(.between(-2_147_483_648...2_147_483_647)), impact: .none),
        .optional("priorityClassName", \.priority.className, .string.obeying(.dnsSubdomain), impact: .none),
    ]
}

extension Rule where Value == PodSpec {
    /// There are no PriorityClass objects here, but those that every cluster has.
    static var priorityIsKnown: Rule {
        Rule { spec in
            guard let name = spec.priority.className, spec.priority.value == nil,
                PodPriority.systemClasses[name] == nil
            else { return [] }
            let known = PodPriority.systemClasses.keys.sorted().map(\.quoted).joined(separator: " and ")
            return [
                Violation(
                    .notice, message: "\(name.quoted) counts as priority 0: the classes known here are \(known)",
                    hint: "write \"priority\" as a number beside it", place: [.field("priorityClassName")])
            ]
        }
    }
}
