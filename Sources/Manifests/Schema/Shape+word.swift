extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words.
    ///
    /// - Parameter refused: words that Kubernetes knows and this version does not.
    static func word(refused: [String] = []) -> Shape {
        let supported = Value.allCases.map(\.rawValue)
        let string = Shape<String>.string
        return Shape(
            supported.filter { !$0.isEmpty }.joined(separator: " | "), form: .text,
            decode: { node, decoding in
                guard let text = string.decode(node, &decoding)?.value else { return nil }
                if let value = Value(rawValue: text) { return Decoded(value: value, written: .string(text)) }
                if refused.contains(text) {
                    decoding.report(
                        "\(decoding.path.words): value \(text.quoted) is not supported by this version", at: node.place,
                        hint: "supported values: \(supported.map(\.quoted).joined(separator: ", "))")
                } else {
                    let known = supported.map(\.quoted).joined(separator: ", ")
                    decoding.report(
                        "\(decoding.path.words): Unsupported value: \(text.quoted): supported values: \(known)",
                        at: node.place,
                        hint: Nearest.name(to: text, in: supported).map { "did you mean \($0.quoted)?" })
                }
                return nil
            }, encode: { .string($0.rawValue) })
    }
}
