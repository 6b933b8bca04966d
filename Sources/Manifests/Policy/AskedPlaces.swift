/// Where a Pod's manifest asks for what a node's policy may refuse, by the field as messages name it.
///
/// Kept for these fields alone: of most Pods there are none.
struct AskedPlaces: Sendable, Hashable {
    private(set) var places: [String: Place] = [:]

    /// Nothing is asked for.
    init() {}

    /// - Parameter pod: a Pod's manifest.
    init(_ pod: Node) {
        for field in Self.fields { note(field.split(separator: ".")[...], of: pod, at: "") }
    }

    private static let fields =
        [
            "spec.hostNetwork", "spec.hostPID", "spec.hostIPC", "spec.securityContext.sysctls[].name",
            "spec.volumes[].hostPath.path",
        ]
        + ["spec.initContainers[]", "spec.containers[]"].flatMap { container in
            ["securityContext.privileged", "securityContext.capabilities.add[]", "ports[].hostPort"]
                .map { "\(container).\($0)" }
        }

    /// - Parameters:
    ///   - way: from `node` on; a step that ends in `[]` goes to each item of a list.
    ///   - path: the way up to `node`.
    private mutating func note(_ way: ArraySlice<Substring>, of node: Node, at path: String) {
        guard let step = way.first else {
            places[path] = node.place
            return
        }
        let (rest, isList) = (way.dropFirst(), step.hasSuffix("[]"))
        let name = String(isList ? step.dropLast(2) : step)
        guard let value = node[name] else { return }
        let path = path.isEmpty ? name : "\(path).\(name)"
        guard isList else { return note(rest, of: value, at: path) }
        guard case .list(let items) = value.content else { return }
        for (index, item) in items.enumerated() { note(rest, of: item, at: "\(path)[\(index)]") }
    }
}
