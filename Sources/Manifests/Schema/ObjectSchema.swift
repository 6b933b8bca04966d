/// The table of one type of object: what drives its decoding, verdicts, defaults and encoding.
final class ObjectSchema<Value: Sendable>: Sendable {
    /// The type's name in the Kubernetes API, for example `PodSpec`.
    let name: String
    let fields: [FieldSchema<Value>]
    /// The rows without their type.
    let descriptions: [FieldDescription]

    /// A value whose fields are still to be read.
    private let blank: @Sendable () -> Value
    /// Fills in what follows from several fields together, after all of them.
    private let complete: @Sendable (inout Value) -> Void
    /// What to say of a field whose name is its author's choice and not in the table; nil when it is unknown.
    private let verdictOnOther: (@Sendable (String) -> Verdict?)?
    private let rows: [String: Int]
    /// The rows that are in every value, written or not.
    private let bound: [Int]

    /// - Parameter fields: at most 64.
    init(
        _ name: String, blank: @escaping @Sendable () -> Value, _ fields: [FieldSchema<Value>],
        complete: @escaping @Sendable (inout Value) -> Void = { _ in },
        verdictOnOther: (@Sendable (String) -> Verdict?)? = nil
    ) {
        precondition(fields.count <= 64, "the rows of a table are counted in 64 bits")
        self.name = name
        self.blank = blank
        self.fields = fields
        self.complete = complete
        self.verdictOnOther = verdictOnOther
        descriptions = fields.map(\.description)
        rows = Dictionary(uniqueKeysWithValues: descriptions.enumerated().map { ($1.name, $0) })
        bound = fields.indices.filter { fields[$0].binding != nil }
    }

    /// The object as a field's type.
    var shape: Shape<Value> {
        Shape(
            name, form: .object, fields: descriptions, isOpen: verdictOnOther != nil,
            decode: { self.decode($0, &$1) }, encode: { self.encode($0) })
    }

    /// Reads an object: every field that is written, then what follows for the others.
    func decode(_ node: Node, _ decoding: inout Decoding) -> Decoded<Value>? {
        guard case .map(let entries) = node.content else {
            decoding.mismatch("a mapping", node, hint: "write \"key: value\" lines")
            return nil
        }
        var value = blank()
        var written: [String: JSONValue] = [:]
        written.reserveCapacity(entries.count)
        var found = Rows()
        for entry in entries {
            guard let row = rows[entry.key] else {
                found.insert(reportOther(entry, &decoding))
                continue
            }
            if entry.value.isNull { continue }
            guard let binding = fields[row].binding else {
                decoding.report(descriptions[row].verdict, on: entry)
                let value = entry.value.json
                if !value.isEmpty { written[entry.key] = value }
                continue
            }
            if entry.value.saysNothing(in: binding.form, isRequired: descriptions[row].isRequired) { continue }
            found.insert(row)
            written[entry.key] = decoding.at(.field(entry.key)) { binding.decode(entry.value, &value, &$0) }
        }
        for row in bound where !found.contains(row) { fill(row, of: node, &value, &decoding) }
        complete(&value)
        return Decoded(value: value, written: .object(written))
    }

    /// Reports a field that is not in the table.
    ///
    /// - Returns: the row that was meant, which is then not missing.
    private func reportOther(_ entry: Node.Entry, _ decoding: inout Decoding) -> Int? {
        if let verdict = verdictOnOther?(entry.key) {
            decoding.report(verdict, on: entry)
            return nil
        }
        // What is no manifest at all has no use for thousands of hints, and each takes its time.
        let suspicion =
            decoding.errors < 100
            ? Suspicion(of: entry.key, among: descriptions, at: decoding.path, decoding.root) : nil
        decoding.report(
            "unknown field \(entry.key.quoted) in \(decoding.path.wordsWithKind)", at: entry.keyPlace,
            hint: suspicion?.hint)
        return suspicion?.meant.flatMap { rows[$0] }
    }

    /// Fills in a field that is not written, or reports that it must be.
    private func fill(_ row: Int, of node: Node, _ value: inout Value, _ decoding: inout Decoding) {
        guard let binding = fields[row].binding else { return }
        let field = descriptions[row]
        binding.fillDefault(&value)
        guard field.isRequired else { return }
        decoding.at(.field(field.name)) { decoding in
            if binding.form == .object {
                _ = binding.decode(Node(.map([]), at: node.place), &value, &decoding)
            } else {
                decoding.report(
                    "\(decoding.path.words): Required value", at: node.placeWritten(of: field.name))
            }
        }
    }

    /// Writes an object, defaults included.
    func encode(_ value: Value) -> JSONValue {
        var object: [String: JSONValue] = [:]
        for row in bound { object[descriptions[row].name] = fields[row].binding?.encode(value) }
        return .object(object)
    }
}

/// A set of rows of one table.
private struct Rows {
    private var bits: UInt64 = 0

    mutating func insert(_ row: Int?) { if let row { bits |= 1 << UInt64(row) } }

    func contains(_ row: Int) -> Bool { bits & 1 << UInt64(row) != 0 }
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
    fileprivate func placeWritten(of field: String) -> Place {
        guard case .map(let entries) = content else { return place }
        return entries.first { $0.key == field }?.keyPlace ?? place
    }
}
