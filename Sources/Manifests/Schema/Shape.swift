/// How one type of value is read from a manifest and written back.
struct Shape<Value: Sendable>: Sendable {
    /// The type in words, for example `list of Container`.
    let name: String
    /// Reads a value; reports what is wrong and returns nil when there is none.
    let decode: @Sendable (Node, inout Decoding) -> Decoded<Value>?
    /// Writes a value, defaults included.
    let encode: @Sendable (Value) -> JSONValue
    /// The fields of the object, or of the list's objects; empty for other types.
    let fields: [FieldDescription]
    /// What it looks like when nothing is written.
    let form: Form
    /// Whether the object may have fields that are not in its table.
    let isOpen: Bool

    init(
        _ name: String, form: Form = .other, fields: [FieldDescription] = [], isOpen: Bool = false,
        decode: @escaping @Sendable (Node, inout Decoding) -> Decoded<Value>?,
        encode: @escaping @Sendable (Value) -> JSONValue
    ) {
        self.name = name
        self.decode = decode
        self.encode = encode
        self.fields = fields
        self.form = form
        self.isOpen = isOpen
    }

    /// The same, held to rules, unless its parts have errors of their own.
    func obeying(_ rules: Rule<Value>...) -> Shape {
        Shape(
            name, form: form, fields: fields, isOpen: isOpen,
            decode: { node, decoding in
                let errors = decoding.errors
                guard let decoded = decode(node, &decoding) else { return nil }
                guard decoding.checksRules, decoding.errors == errors else { return decoded }
                for rule in rules {
                    for violation in rule.check(decoded.value) {
                        decoding.report(
                            "\(decoding.path.appending(violation.place).words): \(violation.message)",
                            at: node.place(of: violation.place), hint: violation.hint, severity: violation.severity)
                    }
                }
                return decoded
            }, encode: encode)
    }
}

extension Node {
    /// Where a part of this value stands; this value's own place when there is no such part.
    func place(of steps: [FieldPath.Step]) -> Place {
        guard let step = steps.first else { return place }
        let rest = Array(steps.dropFirst())
        switch (step, content) {
        case (.index(let index), .list(let items)) where items.indices.contains(index):
            return items[index].place(of: rest)
        case (.field(let key), .map(let entries)), (.key(let key), .map(let entries)):
            guard let entry = entries.first(where: { $0.key == key }) else { return place }
            if case .key = step, rest.isEmpty { return entry.keyPlace }
            return entry.value.place(of: rest)
        default: return place
        }
    }
}
