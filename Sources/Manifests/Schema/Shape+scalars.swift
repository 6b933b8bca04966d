extension Shape {
    /// One scalar.
    ///
    /// - Parameters:
    ///   - words: the type in a sentence.
    ///   - hint: how to write what was meant instead of another scalar; may show it.
    init(
        scalar name: String, form: Form = .other, words: String,
        hint: @escaping @Sendable (JSONValue, String) -> String? = { _, _ in nil },
        value: @escaping @Sendable (JSONValue) -> Value?, encode: @escaping @Sendable (Value) -> JSONValue
    ) {
        self.init(
            name, form: form,
            decode: { node, decoding in
                guard case .scalar(let scalar, let text) = node.content else {
                    decoding.mismatch(words, node)
                    return nil
                }
                guard let value = value(scalar) else {
                    decoding.mismatch(words, node, hint: hint(scalar, text))
                    return nil
                }
                return Decoded(value: value, written: scalar)
            }, encode: encode)
    }
}

extension Shape where Value == String {
    /// Text.
    static var string: Shape {
        Shape(
            scalar: "string", form: .text, words: "a string",
            hint: { $0 == .null ? "write \"\" for empty text" : "put it in quotes: \($1.quoted)" },
            value: { $0.string }, encode: { .string($0) })
    }
}

extension Shape where Value == Int {
    /// A whole number.
    static var integer: Shape {
        Shape(
            scalar: "integer", words: "a whole number",
            hint: { value, text in value.string.flatMap { Int64($0) } == nil ? nil : "remove the quotes: \(text)" },
            value: { $0.int.flatMap { Int(exactly: $0) } }, encode: { .int(Int64($0)) })
    }
}

extension Shape where Value == Bool {
    /// True or false.
    static var boolean: Shape {
        Shape(
            scalar: "boolean", words: "true or false",
            hint: { value, text in
                guard value.string != nil, case .bool(let meant) = CoreScalar(text) else { return nil }
                return "remove the quotes: \(meant)"
            },
            value: { if case .bool(let value) = $0 { value } else { nil } }, encode: { .bool($0) })
    }

    /// True or false, where false is what nothing says too, and is not written back (`omitempty` in core/v1).
    static var flag: Shape {
        Shape(
            boolean.name,
            decode: { node, decoding in
                guard let decoded = boolean.decode(node, &decoding) else { return nil }
                return decoded.value ? decoded : Decoded(value: false, written: .null)
            }, encode: { $0 ? .bool(true) : .null })
    }
}
