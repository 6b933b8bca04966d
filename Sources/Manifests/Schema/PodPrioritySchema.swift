// What decides which Pod goes first when the node runs short.

extension PodPriority {
    static let fields: [FieldSchema<PodSpec>] = [
        .optional("priority", \.priority.value, .integer, impact: .none),
        .optional("priorityClassName", \.priority.className, .string.obeying(.knownPriorityClass), impact: .none),
    ]
}

extension Rule where Value == String {
    /// There are no PriorityClass objects here, but those that every cluster has.
    static var knownPriorityClass: Rule {
        Rule { name in
            if PodPriority.systemClasses[name] != nil { return [] }
            let known = PodPriority.systemClasses.keys.sorted().map(\.quoted).joined(separator: " and ")
            return [
                Violation(
                    .notice, message: "\(name.quoted) counts as priority 0: the classes known here are \(known)",
                    hint: "write \"priority\" as a number beside it")
            ]
        }
    }
}
