/// The table of one type of object: what drives its decoding, verdicts, defaults and encoding.
struct ObjectSchema<Value: Sendable>: Sendable {
    /// The type's name in the Kubernetes API, for example `PodSpec`.
    let name: String
    /// A value whose fields are still to be read.
    let blank: @Sendable () -> Value
    let fields: [FieldSchema<Value>]
    /// Fills in what follows from several fields together, after all of them.
    let complete: @Sendable (inout Value) -> Void
    /// What to say of a field whose name is its author's choice and not in the table; nil when it is unknown.
    let verdictOnOther: @Sendable (String) -> Verdict?

    /// - Parameter refused: more fields that Kubernetes knows and this version does not support.
    init(
        _ name: String, blank: @escaping @Sendable () -> Value, _ fields: [FieldSchema<Value>], refused: [String] = [],
        complete: @escaping @Sendable (inout Value) -> Void = { _ in },
        verdictOnOther: @escaping @Sendable (String) -> Verdict? = { _ in nil }
    ) {
        self.name = name
        self.blank = blank
        self.fields = fields + refused.map { .refused($0) }
        self.complete = complete
        self.verdictOnOther = verdictOnOther
    }

    /// The rows without their type.
    var descriptions: [FieldDescription] { fields.map(\.description) }

    /// The object as a field's type.
    var shape: Shape<Value> {
        Shape(name, form: .object, fields: descriptions, decode: decode, encode: encode)
    }

    @Sendable private func decode(_ node: Node, _ path: FieldPath, _ decoding: inout Decoding) -> Value? {
        guard case .map(let entries) = node.content else {
            decoding.mismatch("a mapping", node, path, hint: "write \"key: value\" lines")
            return nil
        }
        var value = blank()
        var missing = fields
        for entry in entries {
            guard let field = fields.first(where: { $0.description.name == entry.key }) else {
                if let verdict = verdictOnOther(entry.key) {
                    decoding.report(verdict, on: entry, in: path)
                    continue
                }
                let suspicion = Suspicion(of: entry.key, among: descriptions, at: path, decoding.root)
                decoding.report(
                    "unknown field \(entry.key.quoted) in \(path.wordsWithKind)", at: entry.keyPosition,
                    hint: suspicion?.hint)
                missing.removeAll { $0.description.name == suspicion?.meant }
                continue
            }
            if entry.value.isNull { continue }
            guard let binding = field.binding else {
                decoding.report(field.description.verdict, on: entry, in: path)
                continue
            }
            if entry.value.saysNothing(in: binding.form, isRequired: field.description.isRequired) { continue }
            missing.removeAll { $0.description.name == entry.key }
            binding.decode(entry.value, path.appending(.field(entry.key)), &value, &decoding)
        }
        fill(missing, of: node, path, &value, &decoding)
        complete(&value)
        return value
    }

    private func fill(
        _ missing: [FieldSchema<Value>], of node: Node, _ path: FieldPath, _ value: inout Value,
        _ decoding: inout Decoding
    ) {
        for field in missing {
            guard let binding = field.binding else { continue }
            let fieldPath = path.appending(.field(field.description.name))
            binding.fillDefault(&value)
            guard field.description.isRequired else { continue }
            if binding.form == .object {
                binding.decode(Node(.map([]), at: node.position), fieldPath, &value, &decoding)
            } else {
                decoding.report(
                    "\(fieldPath.words): Required value", at: node.writtenPosition(of: field.description.name))
            }
        }
    }

    @Sendable private func encode(_ value: Value) -> JSONValue {
        var object: [String: JSONValue] = [:]
        for field in fields { object[field.description.name] = field.binding?.encode(value) }
        return .object(object)
    }
}

extension Node {
    /// Empty text, and an empty list where one is required, are for Kubernetes what is not written.
    fileprivate func saysNothing(in form: Form, isRequired: Bool) -> Bool {
        switch (form, content) {
        case (.text, .scalar(.string(""), _)): true
        case (.list, .list(let items)): isRequired && items.isEmpty
        default: false
        }
    }

    /// Where a field was written, though empty; else where its object begins.
    fileprivate func writtenPosition(of field: String) -> SourcePosition {
        guard case .map(let entries) = content else { return position }
        return entries.first { $0.key == field }?.keyPosition ?? position
    }
}
