import Manifests
import PodModel
import Reconciler

/// What `get` was asked for.
struct ResourceSelection: Hashable, Sendable {
    /// The kinds of which this node can tell.
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case pods
        case configMaps = "configmaps"
        case secrets, namespaces

        /// As kubectl abbreviates them.
        var names: [String] {
            switch self {
            case .pods: ["pods", "pod", "po"]
            case .configMaps: ["configmaps", "configmap", "cm"]
            case .secrets: ["secrets", "secret"]
            case .namespaces: ["namespaces", "namespace", "ns"]
            }
        }

        /// As the accepted slice names it.
        var accepted: ObjectKind {
            switch self {
            case .pods: .pod
            case .configMaps: .configMap
            case .secrets: .secret
            case .namespaces: .namespace
            }
        }
    }

    let kind: Kind
    /// Those asked for by name; empty for all.
    let names: [String]
    /// One namespace; nil for all.
    let namespace: String?
    let labels: LabelSelector?

    /// Reads `pods`, `pod NAME...` or `pod/NAME...`, as kubectl does.
    init(words: [String], namespace: String?, labels: LabelSelector?) throws {
        guard let first = words.first else {
            throw CommandFailure(.usage, "you must specify the type of resource to get", hint: "for example: get pods")
        }
        let isSlashed = first.contains("/")
        kind = try Self.kind(named: first.split(separator: "/", maxSplits: 1).first.map(String.init) ?? first)
        names = isSlashed ? try Self.slashed(words, kind) : Array(words.dropFirst())
        self.namespace = kind == .namespaces ? nil : namespace
        self.labels = labels
        if !names.isEmpty, namespace == nil {
            throw CommandFailure(
                .usage, "a resource cannot be retrieved by name across all namespaces", hint: "use -n instead of -A")
        }
        if !names.isEmpty, labels != nil {
            throw CommandFailure(.usage, "name cannot be provided when a selector is specified")
        }
    }

    /// kubectl's words for one that is not there.
    func words(forMissing name: String) -> String {
        "\(kind.rawValue) \"\(name)\" not found\(namespace.map { " in namespace \"\($0)\"" } ?? "")"
    }

    func selects(_ status: PodStatus) -> Bool {
        selects(name: status.accepted.name, labels: status.accepted.pod.metadata.labels)
    }

    func selects(name pod: PodName, labels written: [String: String]) -> Bool {
        (namespace.map { $0 == pod.namespace } ?? true) && (names.isEmpty || names.contains(pod.name))
            && (labels?.selects(written) ?? true)
    }

    func selects(_ object: AcceptedObject) -> Bool {
        object.name.kind == kind.accepted && (namespace.map { $0 == object.name.namespace } ?? true)
            && (names.isEmpty || names.contains(object.name.name))
            && (labels?.selects(object.object.metadata.labels) ?? true)
    }

    private static func kind(named word: String) throws -> Kind {
        if let kind = Kind.allCases.first(where: { $0.names.contains(word) }) { return kind }
        throw CommandFailure(
            .usage, "there is no kind '\(word)' here",
            hint: "this node knows \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    private static func slashed(_ words: [String], _ kind: Kind) throws -> [String] {
        try words.map { word in
            let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty, kind.names.contains(parts[0]) else {
                throw CommandFailure(
                    .usage, "there is no need to specify a resource type as a separate argument with '\(words[0])'",
                    hint: "name all as \(kind.names[1])/NAME")
            }
            return parts[1]
        }
    }
}
