import Manifests
import PodModel
import Tables

/// What would become of one object that Pods may use. Values of Secrets are not shown, only whether they change.
struct ObjectDifference {
    let name: ObjectName
    /// `create`, `change` or `delete`.
    let verb: String
    private let old: AcceptedObject?
    private let new: AcceptedObject?
    private let manifests: UnifiedDiff

    /// Nil when nothing of the object changes.
    init?(_ name: ObjectName, old: AcceptedObject?, new: AcceptedObject?) {
        if old?.object == new?.object { return nil }
        self.name = name
        self.old = old
        self.new = new
        verb = old == nil ? "create" : new == nil ? "delete" : "change"
        let mask = SecretMask(old?.object, new?.object)
        manifests = UnifiedDiff(
            from: old.map { mask.shown($0.object, as: "before").yaml } ?? "",
            to: new.map { mask.shown($0.object, as: "after").yaml } ?? "")
    }

    /// Every object that comes, goes or changes between two slices.
    static func all(from old: [AcceptedObject], to new: [AcceptedObject]) -> [ObjectDifference] {
        let olds = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let news = Dictionary(new.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(olds.keys).union(news.keys).sorted().compactMap {
            ObjectDifference($0, old: olds[$0], new: news[$0])
        }
    }

    /// The manifests' difference as `diff -u` prints it.
    func text(revision: RevisionID) -> String {
        manifests.text(
            old: old.map { "\(name) (\($0.file) as accepted)" } ?? "/dev/null",
            new: new.map { "\(name) (\(revision.short) \($0.file))" } ?? "/dev/null")
    }
}

/// Hides the values of a Secret, and shows which of them change, as `kubectl diff` does.
private struct SecretMask {
    private let changed: Set<String>

    init(_ old: ConfigurationObject?, _ new: ConfigurationObject?) {
        guard case .secret(let old)? = old, case .secret(let new)? = new else {
            changed = []
            return
        }
        changed = Set(old.data.keys.filter { key in new.data[key].map { $0 != old.data[key] } ?? false })
    }

    func shown(_ object: ConfigurationObject, as side: String) -> JSONValue {
        guard case .secret = object, case .object(var fields) = object.encoded, case .object(let data)? = fields["data"]
        else { return object.encoded }
        fields["data"] = .object(
            Dictionary(
                uniqueKeysWithValues: data.keys.map { ($0, .string(changed.contains($0) ? "*** (\(side))" : "***")) }))
        return .object(fields)
    }
}
