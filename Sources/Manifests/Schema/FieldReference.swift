/// What becomes of every field, for people: rendered from the tables, so that it cannot say anything else than they do.
enum FieldReference {
    /// A kind of objects and its table.
    struct Kind {
        let name: String
        let fields: [FieldDescription]
    }

    /// The kinds that are read.
    static let kinds = [
        Kind(name: "Pod", fields: Pod.schema.descriptions),
        Kind(name: "ConfigMap", fields: ConfigMap.schema.descriptions),
        Kind(name: "Secret", fields: Secret.schema.descriptions),
        Kind(name: "Namespace", fields: Namespace.schema.descriptions),
    ]

    /// One table in Markdown for each type of object.
    static var markdown: String {
        var sections: [Section] = []
        for kind in kinds { collect(kind.fields, kind.name, at: kind.name, isOpen: false, into: &sections) }
        return sections.map(\.markdown).joined(separator: "\n")
    }

    private static func collect(
        _ fields: [FieldDescription], _ type: String, at path: String, isOpen: Bool, into sections: inout [Section]
    ) {
        if let same = sections.firstIndex(where: { $0.type == type && $0.fields == fields }) {
            sections[same].paths.append(path)
            return
        }
        sections.append(Section(type: type, paths: [path], fields: fields, isOpen: isOpen))
        for field in fields where !field.fields.isEmpty {
            let type = field.isList ? field.type.replacing("list of ", with: "") : field.type
            let path = "\(path).\(field.name)\(field.isList ? "[]" : "")"
            collect(field.fields, type, at: path, isOpen: field.isOpen, into: &sections)
        }
    }
}

/// The table of one type of object, wherever it is used.
private struct Section {
    let type: String
    var paths: [String]
    let fields: [FieldDescription]
    let isOpen: Bool

    var markdown: String {
        let isWhole = paths == [type]
        let place = isWhole ? "" : " (\(paths.map { "`\($0)`" }.joined(separator: ", ")))"
        let rows = fields.map { $0.row(inPod: paths.contains { $0.hasPrefix("Pod") }) }
        let others = isOpen ? ["| any other | | | refused |"] : []
        return """
            ### \(type)\(place)

            | field | type | default | here |
            |---|---|---|---|
            \((rows + others).joined(separator: "\n"))

            """
    }
}

extension FieldDescription {
    /// The field's line in the table.
    ///
    /// - Parameter inPod: whether a change does something to a Pod.
    fileprivate func row(inPod: Bool) -> String {
        "| `\(name)` | \(type.replacing(" | ", with: ", ")) | \(filledIn) | \(here(inPod: inPod)) |"
    }

    private var filledIn: String {
        if let defaultValue { return isRequired ? "required: `\(defaultValue.plain)`" : "`\(defaultValue.plain)`" }
        if followsOthers { return "from other fields" }
        return isRequired ? "required" : ""
    }

    private func here(inPod: Bool) -> String {
        switch verdict {
        case .supported:
            if replacesPod { return "see below; a change replaces the Pod" }
            if !fields.isEmpty { return "see below" }
            return inPod ? impact.words : "read"
        case .noticed(let reason, let expected): return "no effect: \(reason)" + accepted(expected)
        case .refused(let harmless, let instead):
            return "refused" + (instead.map { ": \($0)" } ?? "") + accepted(harmless)
        }
    }

    private func accepted(_ values: [JSONValue]) -> String {
        let shown = values.filter { !$0.isEmpty }.map { "`\($0.plain)`" }
        return shown.isEmpty ? "" : " (in silence: \(shown.joined(separator: ", ")))"
    }
}

extension JSONValue {
    /// Text without quotes, anything else as JSON.
    fileprivate var plain: String { string ?? canonical }
}

extension FieldImpact {
    /// What a change does, in words.
    fileprivate var words: String {
        switch self {
        case .none: "a change is shown"
        case .inPlace: "a change reaches the container as it runs"
        case .restartContainer: "a change restarts the container"
        case .recreate: "a change replaces the Pod"
        }
    }
}
