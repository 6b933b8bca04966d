/// How one type of value is read from a manifest and written back.
struct Shape<Value: Sendable>: Sendable {
    /// The type in words, for example `list of Container`.
    let name: String
    /// Reads a value; reports what is wrong and returns nil when there is none.
    let decode: @Sendable (Node, FieldPath, inout Decoding) -> Value?
    /// Writes a value, defaults included.
    let encode: @Sendable (Value) -> JSONValue
    /// The fields of the object, or of the list's objects; empty for other types.
    let fields: [FieldDescription]
    /// What it looks like when nothing is written.
    let form: Form

    init(
        _ name: String, form: Form = .other, fields: [FieldDescription] = [],
        decode: @escaping @Sendable (Node, FieldPath, inout Decoding) -> Value?,
        encode: @escaping @Sendable (Value) -> JSONValue
    ) {
        self.name = name
        self.decode = decode
        self.encode = encode
        self.fields = fields
        self.form = form
    }

    /// The same, held to rules, unless its parts have errors of their own.
    func obeying(_ rules: Rule<Value>...) -> Shape {
        Shape(
            name, form: form, fields: fields,
            decode: { node, path, decoding in
                let errors = decoding.errors
                guard let value = decode(node, path, &decoding) else { return nil }
                guard decoding.checksRules, decoding.errors == errors else { return value }
                for violation in rules.flatMap({ $0.check(value) }) {
                    decoding.report(
                        "\(path.appending(violation.place).words): \(violation.message)",
                        at: node.position(of: violation.place), hint: violation.hint, severity: violation.severity)
                }
                return value
            }, encode: encode)
    }
}

extension Node {
    /// Where a part of this value stands; this value's own place when there is no such part.
    func position(of place: [FieldPath.Step]) -> SourcePosition {
        guard let step = place.first else { return position }
        let rest = Array(place.dropFirst())
        switch (step, content) {
        case (.index(let index), .list(let items)) where items.indices.contains(index):
            return items[index].position(of: rest)
        case (.field(let key), .map(let entries)), (.key(let key), .map(let entries)):
            guard let entry = entries.first(where: { $0.key == key }) else { return position }
            if case .key = step, rest.isEmpty { return entry.keyPosition }
            return entry.value.position(of: rest)
        default: return position
        }
    }
}
