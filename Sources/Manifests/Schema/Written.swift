extension JSONValue {
    /// What is left of an encoded object when only the fields stay that its author wrote: no defaults, and of the
    /// written ones none that is null or empty.
    func restricted(to node: Node) -> JSONValue {
        switch (self, node.content) {
        case (.object(let fields), .map):
            .object(
                fields.reduce(into: [:]) { kept, field in
                    kept[field.key] = node[field.key].map { field.value.restricted(to: $0) }
                })
        case (.array(let items), .list(let nodes)): .array(zip(items, nodes).map { $0.restricted(to: $1) })
        default: self
        }
    }
}
