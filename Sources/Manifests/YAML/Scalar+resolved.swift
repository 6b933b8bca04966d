/// A scalar that cannot be what its tag says, or that JSON has no word for.
struct ScalarError: Error, Hashable {
    let message: String
    let hint: String?
}

extension ScalarText {
    /// What the scalar means to Kubernetes: YAML 1.1 as go-yaml reads it, without dates and base 60.
    func resolved() throws(ScalarError) -> JSONValue {
        guard let tag else { return isPlain ? try jsonValue(of: CoreScalar(text)) : .string(text) }
        let name = tag.hasPrefix(Self.coreTags) ? String(tag.dropFirst(Self.coreTags.count)) : ""
        let scalar = CoreScalar(text)
        switch (name, scalar) {
        case ("int", .int), ("float", .float), ("float", .int), ("bool", .bool), ("null", .null):
            return try jsonValue(of: scalar)
        case ("int", _), ("float", _), ("bool", _), ("null", _):
            throw ScalarError(message: "the value is not a !!\(name)", hint: "remove the tag !!\(name)")
        case ("binary", _): return .string(try decodedBase64())
        default: return .string(text)  // !!str, dates, and tags of the author's own, which Kubernetes ignores
        }
    }

    /// `<<` without quotes.
    var isMergeKey: Bool { text == "<<" && (tag == nil && isPlain || tag == Self.coreTags + "merge") }

    private static let coreTags = "tag:yaml.org,2002:"

    private func jsonValue(of scalar: CoreScalar) throws(ScalarError) -> JSONValue {
        switch scalar {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value) where value.isFinite: return .number(value)
        case .float:
            throw ScalarError(message: "the number \(text) has no JSON form", hint: "put it in quotes if it is text")
        case .text: return .string(text)
        }
    }

    private func decodedBase64() throws(ScalarError) -> String {
        let digits = text.utf8.filter { !" \n\r\t".utf8.contains($0) }
        guard let bytes = try? Base64.decode(digits), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw ScalarError(message: "!!binary does not hold base64 of UTF-8 text", hint: nil)
        }
        return decoded
    }
}
