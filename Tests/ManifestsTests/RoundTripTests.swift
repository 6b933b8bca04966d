import Testing

@testable import Manifests

@Suite("Whatever an object's tables allow is kept from reading to writing")
struct RoundTripTests {
    @Test("any Pod that its tables allow", arguments: 0..<20 as Range<UInt64>)
    func pods(seed: UInt64) throws {
        var random = RandomObjects(seed: seed)
        for _ in 0..<20 {
            let written = random.object(Pod.schema.descriptions)
            let pod = try Pod(decoding: written)

            #expect(pod.encoded.holds(written), "\(written.canonical) became \(pod.encoded.canonical)")
            #expect(try Pod(decoding: pod.encoded) == pod)
            #expect(try Pod(decoding: pod.encoded).encoded == pod.encoded)
            for text in [pod.encoded.yaml, pod.encoded.pretty, pod.encoded.canonical] {
                #expect(try Self.value(text) == pod.encoded, "\(text)")
            }
        }
    }

    @Test("any ConfigMap, Secret and Namespace", arguments: 0..<5 as Range<UInt64>)
    func configuration(seed: UInt64) throws {
        var random = RandomObjects(seed: seed)
        for _ in 0..<20 {
            let map = random.object(ConfigMap.schema.descriptions)
            #expect(try ConfigMap(decoding: map).encoded.holds(map))
            let namespace = random.object(Namespace.schema.descriptions)
            #expect(try Namespace(decoding: namespace).encoded.holds(namespace))
            let secret = try Secret(decoding: random.object(Secret.schema.descriptions))
            #expect(try Secret(decoding: secret.encoded) == secret)
            #expect(try Self.value(secret.encoded.yaml) == secret.encoded)
        }
    }

    @Test("what the author wrote is what is kept of it, and reads as the same Pod", arguments: 0..<10 as Range<UInt64>)
    func written(seed: UInt64) throws {
        var random = RandomObjects(seed: seed)
        for _ in 0..<20 {
            let object = random.object(Pod.schema.descriptions)
            var decoding = Decoding(kind: "Pod", root: [], checksRules: false)
            let decoded = try #require(Pod.schema.decode(Node(object), &decoding))

            #expect(object.holds(decoded.written))
            #expect(decoded.written.holds(object))
            #expect(try Pod(decoding: decoded.written) == decoded.value)
            #expect(Pod.changes(from: object, to: decoded.written) == [])
        }
    }

    private static func value(_ text: String) throws -> JSONValue? {
        var composer = try Composer(Documents.split(Array(text.utf8))[0])
        let value = try composer.root()?.json
        #expect(composer.findings == [])
        return value
    }
}

/// Random objects that a table allows.
private struct RandomObjects {
    var random: Seeded

    init(seed: UInt64) { random = Seeded(state: seed) }

    mutating func object(_ fields: [FieldDescription]) -> JSONValue {
        var object: [String: JSONValue] = [:]
        for field in fields where field.verdict == .supported {
            guard field.isRequired || Int.random(in: 0..<3, using: &random) == 0 else { continue }
            object[field.name] = field.isRequired ? field.defaultValue ?? value(field) : value(field)
        }
        return .object(object)
    }

    /// Of these, false is what nothing says too, and is not kept.
    private static let flags: Set<String> = ["stdin", "stdinOnce", "tty"]

    private mutating func value(_ field: FieldDescription) -> JSONValue {
        if Self.flags.contains(field.name), field.type == "boolean" { return true }
        if field.isList, !field.fields.isEmpty {
            return .array((0..<Int.random(in: 1...3, using: &random)).map { _ in object(field.fields) })
        }
        return field.fields.isEmpty ? value(ofType: field.type) : object(field.fields)
    }

    private mutating func value(ofType type: String) -> JSONValue {
        if type.hasPrefix("list of ") {
            let item = String(type.dropFirst("list of ".count))
            return .array((0..<Int.random(in: 1...4, using: &random)).map { _ in value(ofType: item) })
        }
        if type.hasPrefix("map of ") {
            let item = String(type.dropFirst("map of ".count))
            let count = Int.random(in: 1...4, using: &random)
            return .object(Dictionary((0..<count).map { _ in (text(), value(ofType: item)) }) { $1 })
        }
        switch type {
        case "string": return .string(text())
        case "integer": return .int(Int64.random(in: -5...100_000, using: &random))
        case "boolean": return .bool(.random(using: &random))
        case "base64": return .string(["aGk=", "AAEC/w==", "YWJj"].randomElement(using: &random) ?? "")
        case "quantity": return .string(["1", "250Mi", "1G", "100", "2e3", "7"].randomElement(using: &random) ?? "")
        case "capability": return .string((Capability.names + ["ALL"]).randomElement(using: &random) ?? "")
        default:
            let words = type.split(separator: " | ").map(String.init)
            return .string(words.randomElement(using: &random) ?? "")
        }
    }

    /// Text that means something else without quotes, in part.
    private mutating func text() -> String {
        let pieces = [
            "a", "web", "1", "0x1F", "yes", "~", "null", "1.0", ": ", "#", " ", "- ", "\n", "\t", "\"", "'", "\\", "é",
            "😀", "{", "}", "[", ",", "&", "*", "!", "|", ">", "%", "@", "`", "<<", "=", "1:30", "2001-12-14", "---",
            "\u{7F}",
        ]
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}

extension JSONValue {
    /// Whether all of another value is in this one; what is empty is in any.
    fileprivate func holds(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let fields), .object(let others)):
            others.allSatisfy { name, other in other.holdsNothing || (fields[name]?.holds(other) ?? false) }
        case (.array(let items), .array(let others)):
            items.count == others.count && zip(items, others).allSatisfy { $0.holds($1) }
        default: self == other
        }
    }

    private var holdsNothing: Bool {
        if case .object(let fields) = self { fields.values.allSatisfy(\.holdsNothing) } else { isEmpty }
    }
}
