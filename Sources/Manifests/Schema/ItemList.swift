/// Several objects in one (core/v1 List): the same as its items in documents of their own.
struct ItemList: Sendable {
    var items: [Node]

    static let schema = ObjectSchema(
        "List", blank: { ItemList(items: []) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "List"),
            .field("items", \.items, .nodes),
        ], refused: ["metadata"])
}

extension Shape where Value == [Node] {
    /// A list whose items are read later, each by the table of its own kind.
    fileprivate static var nodes: Shape {
        Shape(
            "list of objects",
            decode: { node, path, decoding in
                if case .list(let items) = node.content { return items }
                decoding.mismatch("a list", node, path, hint: "begin each item with \"- \"")
                return nil
            }, encode: { _ in .array([]) })
    }
}
