extension Shape {
    /// A list. An item that cannot be read spoils the list, after all items were read.
    static func list<Item>(of item: Shape<Item>) -> Shape where Value == [Item] {
        Shape(
            "list of \(item.name)", form: .list, fields: item.fields,
            decode: { node, path, decoding in
                guard case .list(let nodes) = node.content else {
                    decoding.mismatch("a list", node, path, hint: "begin each item with \"- \"")
                    return nil
                }
                let items = nodes.enumerated().map { index, node in
                    item.decode(node, path.appending(.index(index)), &decoding)
                }
                let read = items.compactMap { $0 }
                return read.count == items.count ? read : nil
            }, encode: { .array($0.map(item.encode)) })
    }

    /// Values under names of the author's choice.
    static func map<Item>(of item: Shape<Item>) -> Shape where Value == [String: Item] {
        Shape(
            "map of \(item.name)",
            decode: { node, path, decoding in
                guard case .map(let entries) = node.content else {
                    decoding.mismatch("a mapping", node, path, hint: "write \"key: value\" lines")
                    return nil
                }
                var values: [String: Item] = [:]
                for entry in entries {
                    values[entry.key] = item.decode(entry.value, path.appending(.key(entry.key)), &decoding)
                }
                return values.count == entries.count ? values : nil
            }, encode: { .object($0.mapValues(item.encode)) })
    }
}
