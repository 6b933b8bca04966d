/// A value in a document and where it stands: YAML's spelling resolved, anchors and merge keys followed.
struct Node: Sendable {
    enum Content: Sendable {
        case scalar(JSONValue, text: String)
        case list([Node])
        case map([Entry])
        /// Something that was reported already; nothing more is to be said about it.
        case unreadable
    }

    /// A key of a mapping, as a string, and its value.
    struct Entry: Sendable {
        let key: String
        let keyPlace: Place
        let value: Node
    }

    let content: Content
    let place: Place
    /// How many nodes it holds, itself included and aliases followed.
    let size: Int

    init(_ content: Content, at place: Place) {
        self.content = content
        self.place = place
        size =
            switch content {
            case .scalar, .unreadable: 1
            case .list(let items): items.reduce(1) { $0 + $1.size }
            case .map(let entries): entries.reduce(1) { $0 + $1.value.size }
            }
    }

    /// The value of a key; nil when this is no mapping or lacks it, or when null stands there, which means the same.
    subscript(key: String) -> Node? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }.flatMap { $0.value.isNull ? nil : $0.value }
    }

    /// The value without positions; null for what is unreadable.
    var json: JSONValue {
        switch content {
        case .scalar(let value, _): value
        case .list(let items): .array(items.map(\.json))
        case .map(let entries): .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { $1 })
        case .unreadable: .null
        }
    }

    var isNull: Bool { if case .scalar(.null, _) = content { true } else { false } }

    var isUnreadable: Bool { if case .unreadable = content { true } else { false } }

    /// What sort of value stands here, for a sentence that must not show it.
    var sort: String {
        switch content {
        case .scalar(.null, _): "null"
        case .scalar(.bool, _): "a boolean"
        case .scalar(.string, _): "a string"
        case .scalar: "a number"
        case .list: "a list"
        case .map: "a mapping"
        case .unreadable: "nothing readable"
        }
    }

    /// What stands here, for a sentence such as `expected a string, found the number 1.1`.
    var words: String {
        switch content {
        case .scalar(.bool(let value), _): "the boolean \(value)"
        case .scalar(.string(let text), _): "the string \(text.quoted)"
        case .scalar(let number, _) where number != .null: "the number \(number.canonical)"
        default: sort
        }
    }
}

extension Node {
    /// A value that comes from a record, not from a file.
    init(_ value: JSONValue) {
        switch value {
        case .array(let items): self.init(.list(items.map { Node($0) }), at: .nowhere)
        case .object(let fields):
            let entries = fields.map { Entry(key: $0.key, keyPlace: .nowhere, value: Node($0.value)) }
            self.init(.map(entries.sorted { $0.key < $1.key }), at: .nowhere)
        default: self.init(.scalar(value, text: value.canonical), at: .nowhere)
        }
    }
}

extension String {
    /// In double quotes, shortened, for a message.
    var quoted: String {
        let shown = count > 60 ? prefix(57) + "..." : self[...]
        return JSONValue.string(String(shown)).canonical
    }
}
