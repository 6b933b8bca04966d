/// The way from an object to one of its values.
struct FieldPath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case field(String)
        case index(Int)
        case key(String)
    }

    /// The object's kind, for example `Pod`.
    let kind: String
    var steps: [Step] = []

    init(kind: String) { self.kind = kind }

    func appending(_ more: [Step]) -> FieldPath {
        var path = self
        path.steps += more
        return path
    }

    /// As Kubernetes writes it: `spec.containers[0].image`; the kind for the object itself.
    var words: String { steps.isEmpty ? kind : String(joined.dropFirst(joined.hasPrefix(".") ? 1 : 0)) }

    /// With the kind: `Pod.spec.containers[0]`.
    var wordsWithKind: String { kind + joined }

    /// With the kind, and the same for all items of a list: `Pod.spec.containers[]`.
    var pattern: String {
        var path = self
        path.steps = steps.map { step in if case .index = step { .key("") } else { step } }
        return path.wordsWithKind
    }

    private var joined: String {
        steps.map { step in
            switch step {
            case .field(let name): ".\(name)"
            case .index(let index): "[\(index)]"
            case .key(let key): "[\(key)]"
            }
        }.joined()
    }
}
