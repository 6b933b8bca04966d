import Manifests

/// What a container's variables take from ConfigMaps and Secrets.
public struct SourcedVariables: Hashable, Sendable {
    /// Of `envFrom`: the variables of one object after the other, each in the order of names.
    public let imported: [Variable]
    /// Of `env`, by the variable's place in it. A source that is optional and missing has none.
    public let values: [Int: String]

    /// One variable.
    public struct Variable: Hashable, Sendable {
        /// The key in the object, with the prefix before it.
        public let name: String
        /// The value.
        public let value: String
    }

    /// Whether the container takes nothing from other objects.
    public static func takesNothing(_ container: Container) -> Bool {
        container.envFrom.isEmpty
            && !container.env.contains { $0.valueFrom?.configMapKeyRef != nil || $0.valueFrom?.secretKeyRef != nil }
    }

    /// Looks everything up.
    ///
    /// - Parameter leavesOutMissing: whether what is missing is left out, be it optional or not.
    /// - Throws: the first source that is missing and not optional.
    public init(
        of container: Container, in namespace: String, from objects: ConfigurationObjects,
        leavesOutMissing: Bool = false
    ) throws(MissingSource) {
        var imported: [Variable] = []
        for source in container.envFrom {
            guard let (reference, kind) = source.reference else { continue }
            let name = ObjectName(kind, namespace: namespace, name: reference.name)
            guard let texts = try objects.texts(of: name) else {
                if reference.optional == true || leavesOutMissing { continue }
                throw .object(name)
            }
            imported += texts.sorted { $0.key < $1.key }
                .map { Variable(name: source.prefix + $0.key, value: $0.value) }
        }
        var values: [Int: String] = [:]
        for (index, variable) in container.env.enumerated() {
            guard let (selector, kind) = variable.valueFrom?.selector else { continue }
            let name = ObjectName(kind, namespace: namespace, name: selector.name)
            do throws(MissingSource) { values[index] = try objects.text(of: selector.key, in: name) } catch {
                if selector.optional != true, !leavesOutMissing { throw error }
            }
        }
        self.imported = imported
        self.values = values
    }
}

extension ConfigurationObjects {
    /// Every value of an object that can be a variable's; nil when there is no such object. A ConfigMap's bytes are not
    /// taken (kubelet).
    fileprivate func texts(of name: ObjectName) throws(MissingSource) -> [String: String]? {
        if name.kind == .configMap { return configMap(name.name, in: name.namespace)?.data }
        guard let secret = secret(name.name, in: name.namespace) else { return nil }
        var texts: [String: String] = [:]
        for (key, value) in secret.data { texts[key] = try text(value.bytes, key, name) }
        return texts
    }

    fileprivate func text(of key: String, in name: ObjectName) throws(MissingSource) -> String {
        if name.kind == .configMap {
            guard let map = configMap(name.name, in: name.namespace) else { throw .object(name) }
            guard let text = map.data[key] else { throw .key(key, of: name) }
            return text
        }
        guard let secret = secret(name.name, in: name.namespace) else { throw .object(name) }
        guard let value = secret.data[key] else { throw .key(key, of: name) }
        return try text(value.bytes, key, name)
    }

    private func text(_ bytes: [UInt8], _ key: String, _ name: ObjectName) throws(MissingSource) -> String {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw .notText(key: key, of: name)
        }
        return text
    }
}

extension EnvFromSource {
    /// The object, and of which kind it is; nil in a manifest that is not valid.
    var reference: (OptionalReference, ObjectKind)? {
        configMapRef.map { ($0, .configMap) } ?? secretRef.map { ($0, .secret) }
    }
}

extension EnvVarSource {
    /// The key, and of which kind its object is; nil when the value comes from elsewhere.
    var selector: (KeySelector, ObjectKind)? {
        configMapKeyRef.map { ($0, .configMap) } ?? secretKeyRef.map { ($0, .secret) }
    }
}

extension Container {
    /// The objects that its variables are taken from, each once, in the order in which it names them.
    public func variableSources(in namespace: String) -> [ObjectName] {
        let named =
            envFrom.compactMap(\.reference).map { ($0.0.name, $0.1) }
            + env.compactMap { $0.valueFrom?.selector }.map { ($0.0.name, $0.1) }
        var seen: Set<ObjectName> = []
        return named.map { ObjectName($0.1, namespace: namespace, name: $0.0) }.filter { seen.insert($0).inserted }
    }
}
