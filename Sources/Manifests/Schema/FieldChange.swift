/// A field in which two manifests of one Pod differ, and what that does to the Pod.
public struct FieldChange: Sendable, Hashable {
    /// The field, for example `spec.containers[web].image`: items with a name are called by it, others by their index.
    public let path: String
    /// What the change does to a Pod that runs.
    public let impact: FieldImpact
    /// The container in which the field lies, or which comes or goes; nil for fields of the Pod.
    public let container: String?

    /// A change.
    public init(path: String, impact: FieldImpact, container: String? = nil) {
        self.path = path
        self.impact = impact
        self.container = container
    }
}

extension Pod {
    /// The fields in which two manifests differ, as their authors wrote them (`LoadedPod.written`), sorted by path.
    ///
    /// Items of a list that have names are matched by name: one that comes, goes or moves says nothing about the others.
    /// What is empty is as good as not written.
    public static func changes(from old: JSONValue, to new: JSONValue) -> [FieldChange] {
        var search = ChangeSearch()
        search.compareObjects(old, new, Site(path: ""), schema.descriptions)
        return search.changes.map { $0.following(resizePoliciesOf: new) }.sorted { $0.path < $1.path }
    }

    /// What a container's author wrote of the fields whose change restarts the container; nil when there is no such
    /// container. Two manifests in which this is the same can share a container that runs.
    public static func restartingFields(ofContainer name: String, in written: JSONValue) -> JSONValue? {
        guard case .array(let containers)? = written["spec"]?["containers"],
            case .object(let fields)? = containers.first(where: { $0["name"]?.string == name })
        else { return nil }
        let restarting = Set(
            Container.schema.descriptions.filter { $0.impact == .restartContainer }.map(\.name))
        return .object(fields.filter { restarting.contains($0.key) && !$0.value.isEmpty })
    }
}

/// Where two values that are compared stand.
private struct Site {
    var path: String
    var impact = FieldImpact.recreate
    var container: String?
    /// Whether all that lies below replaces the Pod.
    var replacesPod = false

    func field(_ name: String) -> Site {
        Site(path: path.isEmpty ? name : "\(path).\(name)", container: container, replacesPod: replacesPod)
    }

    func item(_ name: String) -> Site {
        let isContainer = path == "spec.containers" || path == "spec.initContainers"
        return Site(
            path: "\(path)[\(name)]", impact: impact, container: isContainer ? name : container,
            replacesPod: replacesPod)
    }
}

/// Goes through two manifests along the table and collects what differs.
private struct ChangeSearch {
    var changes: [FieldChange] = []

    mutating func compareObjects(_ old: JSONValue, _ new: JSONValue, _ site: Site, _ fields: [FieldDescription]) {
        let names = Set(old.fields.keys).union(new.fields.keys)
        for name in names.sorted() {
            let field = fields.first { $0.name == name }
            var inner = site.field(name)
            inner.replacesPod = site.replacesPod || field?.replacesPod == true
            inner.impact = inner.replacesPod ? .recreate : field?.impact ?? .recreate
            compare(old[name] ?? .null, new[name] ?? .null, inner, field)
        }
    }

    private mutating func compare(_ old: JSONValue, _ new: JSONValue, _ site: Site, _ field: FieldDescription?) {
        if old == new || (old.isEmpty && new.isEmpty) { return }
        let fields = field?.fields ?? []
        switch (old, new) {
        case (.object, .object), (.object, .null), (.null, .object):
            if fields.isEmpty { compareMaps(old, new, site) } else { compareObjects(old, new, site, fields) }
        case (.array, .array) where !fields.isEmpty, (.array, .null) where !fields.isEmpty,
            (.null, .array) where !fields.isEmpty:
            compareLists(old.items, new.items, site, fields)
        default: add(site)
        }
    }

    private mutating func compareMaps(_ old: JSONValue, _ new: JSONValue, _ site: Site) {
        for key in Set(old.fields.keys).union(new.fields.keys).sorted() where old[key] != new[key] {
            add(site.item(key))
        }
    }

    private mutating func compareLists(
        _ old: [JSONValue], _ new: [JSONValue], _ site: Site, _ fields: [FieldDescription]
    ) {
        guard let oldNames = Self.names(of: old), let newNames = Self.names(of: new) else {
            if old.count != new.count { return add(site) }
            for index in old.indices { compareObjects(old[index], new[index], site.item("\(index)"), fields) }
            return
        }
        let olds = Dictionary(uniqueKeysWithValues: zip(oldNames, old))
        for (name, item) in zip(newNames, new) {
            if let old = olds[name] {
                compareObjects(old, item, site.item(name), fields)
            } else {
                add(site.item(name))
            }
        }
        let kept = Set(oldNames).intersection(newNames)
        for name in oldNames where !kept.contains(name) { add(site.item(name)) }
        if oldNames.filter(kept.contains) != newNames.filter(kept.contains) { add(site) }
    }

    /// The items' names; nil unless each has one and no two the same.
    private static func names(of items: [JSONValue]) -> [String]? {
        let names = items.compactMap { $0["name"]?.string }
        return names.count == items.count && Set(names).count == names.count ? names : nil
    }

    private mutating func add(_ site: Site) {
        changes.append(FieldChange(path: site.path, impact: site.impact, container: site.container))
    }
}

extension JSONValue {
    fileprivate var fields: [String: JSONValue] { if case .object(let fields) = self { fields } else { [:] } }

    fileprivate var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
}
