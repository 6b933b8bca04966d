/// One row of a schema table: a field, what it holds, what becomes of it.
struct FieldSchema<Owner: Sendable>: Sendable {
    let description: FieldDescription
    /// How the field gets into and out of `Owner`; nil for a field that is refused.
    let binding: FieldBinding<Owner>?
}

/// The ways between a field and the value that owns it.
struct FieldBinding<Owner: Sendable>: Sendable {
    /// Reads the field's node into the owner, and gives what was written; nil for nothing.
    let decode: @Sendable (Node, inout Owner, inout Decoding) -> JSONValue?
    /// Fills in what Kubernetes fills in when the field is not written; other fields are read already.
    let fillDefault: @Sendable (inout Owner) -> Void
    /// Writes the field; nil for none.
    let encode: @Sendable (Owner) -> JSONValue?
    /// What the field looks like when nothing is written.
    let form: Form
}

/// What a field is when it is not written.
enum Default<Owner: Sendable, Value: Sendable>: Sendable {
    /// Empty.
    case none
    case value(Value)
    /// It follows from other fields.
    case following(@Sendable (Owner) -> Value)
}

extension FieldSchema {
    /// A field that is always there: required, or with a default, or empty.
    static func field<Value>(
        _ name: String, _ property: any WritableKeyPath<Owner, Value> & Sendable, _ shape: Shape<Value>,
        required: Bool = false, default: Default<Owner, Value> = .none, impact: FieldImpact = .recreate
    ) -> FieldSchema {
        var description = FieldDescription(name: name, type: shape.name, isRequired: required, impact: impact)
        description.fields = shape.fields
        description.isList = shape.form == .list
        description.isOpen = shape.isOpen
        switch `default` {
        case .none: break
        case .value(let value): description.defaultValue = shape.encode(value)
        case .following: description.followsOthers = true
        }
        return FieldSchema(
            description: description,
            binding: FieldBinding(
                decode: { node, owner, decoding in
                    guard let decoded = shape.decode(node, &decoding) else { return nil }
                    owner[keyPath: property] = decoded.value
                    return decoded.written.isEmpty && !required ? nil : decoded.written
                },
                fillDefault: { owner in
                    switch `default` {
                    case .none: break
                    case .value(let value): owner[keyPath: property] = value
                    case .following(let rule): owner[keyPath: property] = rule(owner)
                    }
                },
                encode: { owner in
                    let value = shape.encode(owner[keyPath: property])
                    return value.isEmpty && !required ? nil : value
                }, form: shape.form))
    }

    /// The same field, any change of which replaces the Pod.
    var replacingPod: FieldSchema {
        var description = description
        description.replacesPod = true
        return FieldSchema(description: description, binding: binding)
    }

    /// A field that may be absent, and is when it is empty.
    ///
    /// - Parameter evenEmpty: whether an empty object says something too, by being there.
    static func optional<Value>(
        _ name: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable, _ shape: Shape<Value>,
        impact: FieldImpact = .recreate, evenEmpty: Bool = false
    ) -> FieldSchema {
        var description = FieldDescription(name: name, type: shape.name, impact: impact)
        description.fields = shape.fields
        description.isList = shape.form == .list
        description.isOpen = shape.isOpen
        return FieldSchema(
            description: description,
            binding: FieldBinding(
                decode: { node, owner, decoding in
                    guard let decoded = shape.decode(node, &decoding), evenEmpty || !decoded.written.isEmpty else {
                        return nil
                    }
                    owner[keyPath: property] = decoded.value
                    return decoded.written
                }, fillDefault: { _ in }, encode: { $0[keyPath: property].map(shape.encode) }, form: shape.form))
    }

    /// A field that names what the object is, the same in every one.
    static func constant(_ name: String, _ value: String) -> FieldSchema {
        let shape = Shape<String>.string
        return FieldSchema(
            description: FieldDescription(name: name, type: "string", isRequired: true, defaultValue: .string(value)),
            binding: FieldBinding(
                decode: { node, _, decoding in
                    guard let text = shape.decode(node, &decoding)?.value else { return nil }
                    if text != value {
                        let path = decoding.path.words
                        decoding.report("\(path): expected \(value.quoted), found \(node.words)", at: node.place)
                    }
                    return .string(text)
                }, fillDefault: { _ in }, encode: { _ in .string(value) }, form: .text))
    }

    /// An object of which nothing is kept: its own table says what becomes of each of its fields.
    static func group(_ name: String, _ table: ObjectSchema<Void>) -> FieldSchema {
        let shape = table.shape
        return FieldSchema(
            description: FieldDescription(name: name, type: shape.name, impact: .none, fields: shape.fields),
            binding: FieldBinding(
                decode: { node, _, decoding in
                    guard let written = shape.decode(node, &decoding)?.written else { return nil }
                    return written.isEmpty ? nil : written
                }, fillDefault: { _ in }, encode: { _ in nil }, form: .object))
    }

    /// A field that Kubernetes knows and this version does not support.
    ///
    /// - Parameters:
    ///   - harmless: values that ask for what happens anyway, accepted in silence; so are null, and empty lists and
    ///     objects unless `evenEmpty`.
    ///   - instead: what its author can do.
    static func refused(
        _ name: String, unless harmless: [JSONValue] = [], instead: String? = nil, evenEmpty: Bool = false
    ) -> FieldSchema {
        let harmless = evenEmpty ? harmless : harmless + [[], [:], ""]
        return FieldSchema(
            description: FieldDescription(
                name: name, impact: .none, verdict: .refused(unless: harmless, instead: instead)),
            binding: nil)
    }

    /// A field that is accepted and has no effect here.
    ///
    /// - Parameters:
    ///   - reason: why, as the end of a sentence.
    ///   - expected: values of which nobody expects an effect, accepted in silence.
    static func noticed(_ name: String, because reason: String, unless expected: [JSONValue] = []) -> FieldSchema {
        FieldSchema(
            description: FieldDescription(
                name: name, impact: .none, verdict: .noticed(because: reason, unless: expected)),
            binding: nil)
    }
}

extension JSONValue {
    /// Text or a collection without anything in it: what Kubernetes leaves out when it writes (`omitempty`).
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let fields): fields.isEmpty
        default: false
        }
    }
}
