/// A Pod that was read without an error.
public struct LoadedPod: Sendable, Hashable {
    /// The Pod, defaults filled in.
    public let pod: Pod
    /// Only what its author wrote, in canonical form: what digests cover, so that a new default changes none.
    ///
    /// A field that is null or empty counts as not written, as Kubernetes' own encoding has it. Fields without an effect
    /// here are kept: a version that gives them one finds no difference.
    public let written: JSONValue
    /// Where the object begins.
    public let position: SourcePosition
    /// Where it asks for what a node's policy may refuse, by field: `spec.volumes[0].hostPath.path`.
    public let asked: [String: SourcePosition]

    /// A Pod, what its author wrote of it, and where.
    public init(pod: Pod, written: JSONValue, position: SourcePosition, asked: [String: SourcePosition] = [:]) {
        self.pod = pod
        self.written = written
        self.position = position
        self.asked = asked
    }
}

/// An object that Pods may use, read without an error.
public struct LoadedObject<Object: Sendable & Hashable>: Sendable, Hashable {
    /// The object, defaults filled in.
    public let object: Object
    /// Where it begins.
    public let position: SourcePosition

    /// An object, and where it stands.
    public init(_ object: Object, at position: SourcePosition) {
        self.object = object
        self.position = position
    }
}

/// Everything that was found in a set of files: the objects without errors, and every error.
///
/// Objects are in the order of the files and of the documents in them.
public struct LoadedManifests: Sendable {
    /// The Pods.
    public let pods: [LoadedPod]
    /// The ConfigMaps.
    public let configMaps: [LoadedObject<ConfigMap>]
    /// The Secrets.
    public let secrets: [LoadedObject<Secret>]
    /// The Namespaces.
    public let namespaces: [LoadedObject<Namespace>]
    /// Every finding in all files, sorted by position.
    public let diagnostics: [Diagnostic]

    /// Objects and findings.
    public init(
        pods: [LoadedPod], configMaps: [LoadedObject<ConfigMap>] = [], secrets: [LoadedObject<Secret>] = [],
        namespaces: [LoadedObject<Namespace>] = [], diagnostics: [Diagnostic]
    ) {
        self.pods = pods
        self.configMaps = configMaps
        self.secrets = secrets
        self.namespaces = namespaces
        self.diagnostics = diagnostics
    }

    /// Puts together what single files hold: finds objects that are defined twice, and says once what is worth saying
    /// once.
    ///
    /// - Parameters:
    ///   - files: each file's path, as diagnostics show it, and what it holds.
    ///   - group: which files belong together, from a path, for example those of one application. There an object may not
    ///     be defined twice, and a field without effect is reported once. Without it each file stands for itself, and who
    ///     takes them over judges what files say against each other.
    public init(_ files: [(path: String, manifests: FileManifests)], groupedBy group: (String) -> String = { $0 }) {
        var joining = Joining()
        for (path, manifests) in files { joining.add(manifests, path: path, group: group(path)) }
        self.init(
            pods: joining.pods, configMaps: joining.configMaps, secrets: joining.secrets,
            namespaces: joining.namespaces, diagnostics: joining.allDiagnostics)
    }
}
