extension Shape where Value == [UInt8] {
    /// Bytes, written in base64.
    static var base64: Shape {
        Shape("base64", bytes: { $0 }) { .string(Base64.encode($0)) }
    }
}

extension Shape where Value == SecretValue {
    /// A secret value, written in base64.
    static var secretBase64: Shape {
        Shape("base64", bytes: { SecretValue($0) }) { .string(Base64.encode($0.bytes)) }
    }

    /// A secret value, written as text.
    static var secretText: Shape {
        let string = Shape<String>.string
        return Shape(
            "string",
            decode: { node, decoding in
                guard let decoded = string.decode(node, &decoding) else { return nil }
                return Decoded(value: SecretValue(Array(decoded.value.utf8)), written: decoded.written)
            }, encode: { .string(Base64.encode($0.bytes)) })
    }
}

extension Shape {
    /// Bytes, written in base64. Empty text is no bytes.
    fileprivate init(
        _ name: String, bytes value: @escaping @Sendable ([UInt8]) -> Value,
        encode: @escaping @Sendable (Value) -> JSONValue
    ) {
        let string = Shape<String>.string
        self.init(
            name,
            decode: { node, decoding in
                guard let text = string.decode(node, &decoding)?.value else { return nil }
                do throws(Base64.Malformed) {
                    return Decoded(value: value(try Base64.decode(text.utf8)), written: .string(text))
                } catch {
                    decoding.report(
                        "\(decoding.path.words): the value is no base64, from its character \(error.offset + 1) on",
                        at: node.place, hint: "encode it, for example with \"base64 -w0\"")
                    return nil
                }
            }, encode: encode)
    }
}
