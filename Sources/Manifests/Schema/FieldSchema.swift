/// What a change of a field does to a Pod that runs.
enum Impact: String, Sendable, Hashable {
    /// Nothing restarts.
    case none
    /// The container restarts; the Pod keeps its UID and address.
    case restartContainer
    /// The Pod is replaced by a new one.
    case recreate
}

/// What this version does with a field that Kubernetes knows.
enum Verdict: String, Sendable, Hashable {
    /// It is read and acted upon.
    case supported
    /// Whoever writes it is told that this version does not support it.
    case refused
}

/// One row of a schema table: a field, what it holds, what becomes of it.
struct FieldSchema<Owner: Sendable>: Sendable {
    let description: FieldDescription
    /// How the field gets into and out of `Owner`; nil for a field that is refused.
    let binding: FieldBinding<Owner>?
}

/// A row of the table without the type it belongs to: for hints, documentation and digests.
struct FieldDescription: Sendable, Hashable {
    let name: String
    /// The type in words.
    var type = ""
    var isRequired = false
    /// What is filled in when the field is not written; nil for nothing.
    var defaultValue: JSONValue?
    var impact = Impact.recreate
    var verdict = Verdict.supported
    /// The fields of the object, or of the objects in the list, that the field holds.
    var fields: [FieldDescription] = []
    var isList = false
}

/// What a value looks like when nothing is written.
enum Form: Sendable {
    /// Empty text counts as not written.
    case text
    /// An empty list counts as not written where one is required.
    case list
    /// When a required object is missing, its required fields are what is missing.
    case object
    case other
}

/// The ways between a field and the value that owns it.
struct FieldBinding<Owner: Sendable>: Sendable {
    /// Reads the field's node into the owner.
    let decode: @Sendable (Node, FieldPath, inout Owner, inout Decoding) -> Void
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
        required: Bool = false, default: Default<Owner, Value> = .none, impact: Impact = .recreate
    ) -> FieldSchema {
        var description = FieldDescription(name: name, type: shape.name, isRequired: required, impact: impact)
        description.fields = shape.fields
        description.isList = shape.form == .list
        if case .value(let value) = `default` { description.defaultValue = shape.encode(value) }
        return FieldSchema(
            description: description,
            binding: FieldBinding(
                decode: { node, path, owner, decoding in
                    if let value = shape.decode(node, path, &decoding) { owner[keyPath: property] = value }
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

    /// A field that may be absent.
    static func optional<Value>(
        _ name: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable, _ shape: Shape<Value>,
        impact: Impact = .recreate
    ) -> FieldSchema {
        var description = FieldDescription(name: name, type: shape.name, impact: impact)
        description.fields = shape.fields
        description.isList = shape.form == .list
        return FieldSchema(
            description: description,
            binding: FieldBinding(
                decode: { node, path, owner, decoding in
                    if let value = shape.decode(node, path, &decoding) { owner[keyPath: property] = value }
                }, fillDefault: { _ in }, encode: { $0[keyPath: property].map(shape.encode) }, form: shape.form))
    }

    /// A field that names what the object is, the same in every one.
    static func constant(_ name: String, _ value: String) -> FieldSchema {
        FieldSchema(
            description: FieldDescription(name: name, type: "string", isRequired: true, defaultValue: .string(value)),
            binding: FieldBinding(
                decode: { node, path, _, decoding in
                    guard let text = Shape<String>.string.decode(node, path, &decoding), text != value else { return }
                    decoding.report("\(path.words): expected \(value.quoted), found \(node.words)", at: node.position)
                }, fillDefault: { _ in }, encode: { _ in .string(value) }, form: .text))
    }

    /// A field that Kubernetes knows and this version does not support.
    static func refused(_ name: String) -> FieldSchema {
        FieldSchema(description: FieldDescription(name: name, verdict: .refused), binding: nil)
    }
}

extension JSONValue {
    /// Text or a collection without anything in it: what Kubernetes leaves out when it writes (`omitempty`).
    fileprivate var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let fields): fields.isEmpty
        default: false
        }
    }
}
