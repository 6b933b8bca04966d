import Manifests

/// Which fields differ between two manifests: the reason a person is given for a replacement.
public enum FieldChanges {
    /// Paths such as `spec.containers[0].image`, sorted; the deepest field that tells the difference.
    public static func paths(from old: JSONValue, to new: JSONValue) -> [String] {
        differences(old, new, at: "").sorted()
    }

    /// `spec.containers[0].image changed`, at most three paths by name.
    public static func sentence(from old: JSONValue, to new: JSONValue) -> String {
        let paths = paths(from: old, to: new)
        if paths.isEmpty { return "nothing changed" }
        let named = paths.prefix(3).joined(separator: ", ")
        let rest = paths.count > 3 ? " and \(paths.count - 3) more" : ""
        return "\(named)\(rest) changed"
    }

    private static func differences(_ old: JSONValue, _ new: JSONValue, at path: String) -> [String] {
        switch (old, new) {
        case (.object(let old), .object(let new)):
            Set(old.keys).union(new.keys).flatMap { field in
                let inner = path.isEmpty ? field : "\(path).\(field)"
                return differences(old[field] ?? .null, new[field] ?? .null, at: inner)
            }
        case (.array(let old), .array(let new)) where old.count == new.count:
            old.indices.flatMap { differences(old[$0], new[$0], at: "\(path)[\($0)]") }
        default:
            old == new ? [] : [path]
        }
    }
}
