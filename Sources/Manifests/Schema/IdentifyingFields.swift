extension Pod {
    /// What a Pod's author wrote of the fields of `spec` whose change needs a new Pod (`FieldImpact.recreate`): two
    /// manifests in which this is the same can share a Pod that runs.
    public static func identifyingFields(in written: JSONValue) -> JSONValue {
        (written["spec"] ?? .null).identifying(PodSpec.schema.descriptions)
    }
}

extension JSONValue {
    fileprivate func identifying(_ table: [FieldDescription]) -> JSONValue {
        guard case .object(let fields) = self else { return self }
        return .object(
            fields.reduce(into: [:]) { kept, field in
                let row = table.first { $0.name == field.key }
                if let row, row.impact != .recreate { return }
                let isWhole = row?.replacesPod ?? true
                kept[field.key] = isWhole ? field.value : field.value.identifying(inFieldOf: row?.fields ?? [])
            })
    }

    private func identifying(inFieldOf table: [FieldDescription]) -> JSONValue {
        if table.isEmpty { return self }
        return if case .array(let items) = self { .array(items.map { $0.identifying(table) }) } else {
            identifying(table)
        }
    }
}
