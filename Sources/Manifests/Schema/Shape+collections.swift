extension Shape {
    /// A list. An item that cannot be read spoils the list, after all items were read.
    static func list<Item>(of item: Shape<Item>) -> Shape where Value == [Item] {
        Shape(
            "list of \(item.name)", form: .list, fields: item.fields, isOpen: item.isOpen,
            decode: { node, decoding in
                guard case .list(let nodes) = node.content else {
                    decoding.mismatch("a list", node, hint: "begin each item with \"- \"")
                    return nil
                }
                var values: [Item] = []
                var written: [JSONValue] = []
                values.reserveCapacity(nodes.count)
                written.reserveCapacity(nodes.count)
                for (index, node) in nodes.enumerated() {
                    guard let decoded = decoding.at(.index(index), { item.decode(node, &$0) }) else { continue }
                    values.append(decoded.value)
                    written.append(decoded.written)
                }
                return values.count == nodes.count ? Decoded(value: values, written: .array(written)) : nil
            }, encode: { .array($0.map(item.encode)) })
    }

    /// Values under names of the author's choice.
    static func map<Item>(of item: Shape<Item>) -> Shape where Value == [String: Item] {
        Shape(
            "map of \(item.name)",
            decode: { node, decoding in
                guard case .map(let entries) = node.content else {
                    decoding.mismatch("a mapping", node, hint: "write \"key: value\" lines")
                    return nil
                }
                var values: [String: Item] = [:]
                var written: [String: JSONValue] = [:]
                values.reserveCapacity(entries.count)
                written.reserveCapacity(entries.count)
                for entry in entries {
                    let decoded = decoding.at(.key(entry.key)) { item.decode(entry.value, &$0) }
                    values[entry.key] = decoded?.value
                    written[entry.key] = decoded?.written
                }
                return values.count == entries.count ? Decoded(value: values, written: .object(written)) : nil
            }, encode: { .object($0.mapValues(item.encode)) })
    }
}
