/// Several objects in one (core/v1 List): the same as its items in documents of their own.
struct ItemList: Sendable {
    var items: [Node]

    static let schema = ObjectSchema(
        "List", blank: { ItemList(items: []) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "List"),
            .field("items", \.items, .nodes),
            .noticed("metadata", because: "a List is its items and no more", unless: [["resourceVersion": ""]]),
        ])
}

extension Shape where Value == [Node] {
    /// A list whose items are read later, each by the table of its own kind.
    fileprivate static var nodes: Shape {
        Shape(
            "list of objects",
            decode: { node, decoding in
                if case .list(let items) = node.content { return Decoded(value: items, written: []) }
                decoding.mismatch("a list", node, hint: "begin each item with \"- \"")
                return nil
            }, encode: { _ in .array([]) })
    }
}
