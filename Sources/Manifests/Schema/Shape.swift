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

    /// The same, held to rules.
    func obeying(_ rules: Rule<Value>...) -> Shape {
        Shape(
            name, form: form, fields: fields,
            decode: { node, path, decoding in
                guard let value = decode(node, path, &decoding) else { return nil }
                guard decoding.checksRules else { return value }
                for violation in rules.flatMap({ $0.check(value) }) {
                    decoding.report(
                        "\(path.appending(violation.place).words): \(violation.message)",
                        at: node.position(of: violation.place), hint: violation.hint, severity: violation.severity)
                }
                return value
            }, encode: encode)
    }
}

extension Shape where Value == String {
    /// Text.
    static var string: Shape {
        Shape(
            "string", form: .text,
            decode: { node, path, decoding in
                guard case .scalar(let value, let text) = node.content else {
                    decoding.mismatch("a string", node, path)
                    return nil
                }
                if case .string(let string) = value { return string }
                let hint = value == .null ? "write \"\" for empty text" : "put it in quotes: \(text.quoted)"
                decoding.mismatch("a string", node, path, hint: hint)
                return nil
            }, encode: { .string($0) })
    }
}

extension Shape where Value == Int {
    /// A whole number.
    static var integer: Shape {
        Shape(
            "integer",
            decode: { node, path, decoding in
                if case .scalar(.int(let value), _) = node.content { return Int(value) }
                var hint: String?
                if case .scalar(.string(let text), _) = node.content, Int64(text) != nil {
                    hint = "remove the quotes: \(text)"
                }
                decoding.mismatch("a whole number", node, path, hint: hint)
                return nil
            }, encode: { .int(Int64($0)) })
    }
}

extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words.
    ///
    /// - Parameter refused: words that Kubernetes knows and this version does not.
    static func word(refused: [String] = []) -> Shape {
        let supported = Value.allCases.map(\.rawValue)
        return Shape(
            supported.joined(separator: " | "), form: .text,
            decode: { node, path, decoding in
                guard let text = Shape<String>.string.decode(node, path, &decoding) else { return nil }
                if let value = Value(rawValue: text) { return value }
                if refused.contains(text) {
                    decoding.report(
                        "\(path.words): value \(text.quoted) is not supported by this version", at: node.position,
                        hint: "supported values: \(supported.map(\.quoted).joined(separator: ", "))")
                } else {
                    let known = supported.map(\.quoted).joined(separator: ", ")
                    decoding.report(
                        "\(path.words): Unsupported value: \(text.quoted): supported values: \(known)",
                        at: node.position,
                        hint: Nearest.name(to: text, in: supported).map { "did you mean \($0.quoted)?" })
                }
                return nil
            }, encode: { .string($0.rawValue) })
    }
}

extension Shape {
    /// A list. An item that cannot be read spoils the list, after all items were read.
    static func list<Item>(of item: Shape<Item>) -> Shape where Value == [Item] {
        Shape(
            "list of \(item.name)", form: .list, fields: item.fields,
            decode: { node, path, decoding in
                guard case .list(let nodes) = node.content else {
                    decoding.mismatch("a list", node, path, hint: "begin each item with \"- \"")
                    return nil
                }
                let items = nodes.enumerated().map { index, node in
                    item.decode(node, path.appending(.index(index)), &decoding)
                }
                let read = items.compactMap { $0 }
                return read.count == items.count ? read : nil
            }, encode: { .array($0.map(item.encode)) })
    }

    /// Values under names of the author's choice.
    static func map<Item>(of item: Shape<Item>) -> Shape where Value == [String: Item] {
        Shape(
            "map of \(item.name)",
            decode: { node, path, decoding in
                guard case .map(let entries) = node.content else {
                    decoding.mismatch("a mapping", node, path, hint: "write \"key: value\" lines")
                    return nil
                }
                var values: [String: Item] = [:]
                for entry in entries {
                    values[entry.key] = item.decode(entry.value, path.appending(.key(entry.key)), &decoding)
                }
                return values.count == entries.count ? values : nil
            }, encode: { .object($0.mapValues(item.encode)) })
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
