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

extension Shape where Value == Bool {
    /// True or false.
    static var boolean: Shape {
        Shape(
            "boolean",
            decode: { node, path, decoding in
                if case .scalar(.bool(let value), _) = node.content { return value }
                var hint: String?
                if case .scalar(.string(let text), _) = node.content, case .bool(let value) = CoreScalar(text) {
                    hint = "remove the quotes: \(value)"
                }
                decoding.mismatch("true or false", node, path, hint: hint)
                return nil
            }, encode: { .bool($0) })
    }
}
