/// One environment variable (core/v1 EnvVar).
public struct EnvVar: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value; `$(NAME)` in it refers to earlier variables. Empty when it is taken from elsewhere.
    public var value: String
    /// Where the value is taken from; nil when `value` says it.
    public var valueFrom: EnvVarSource?

    /// A variable.
    public init(name: String, value: String = "", valueFrom: EnvVarSource? = nil) {
        self.name = name
        self.value = value
        self.valueFrom = valueFrom
    }
}

/// Where a variable's value is taken from (core/v1 EnvVarSource): in a valid manifest one of these.
public struct EnvVarSource: Sendable, Hashable {
    /// A key of a ConfigMap.
    public var configMapKeyRef: KeySelector?
    /// A key of a Secret.
    public var secretKeyRef: KeySelector?
    /// A field of the Pod.
    public var fieldRef: ObjectFieldSelector?
    /// What a container may use.
    public var resourceFieldRef: ResourceFieldSelector?

    /// A source.
    public init(
        configMapKeyRef: KeySelector? = nil, secretKeyRef: KeySelector? = nil, fieldRef: ObjectFieldSelector? = nil,
        resourceFieldRef: ResourceFieldSelector? = nil
    ) {
        self.configMapKeyRef = configMapKeyRef
        self.secretKeyRef = secretKeyRef
        self.fieldRef = fieldRef
        self.resourceFieldRef = resourceFieldRef
    }
}

/// All variables of an object at once (core/v1 EnvFromSource): in a valid manifest one of both.
public struct EnvFromSource: Sendable, Hashable {
    /// Stands before each key.
    public var prefix: String
    /// A ConfigMap, of which each key becomes a variable.
    public var configMapRef: OptionalReference?
    /// A Secret, of which each key becomes a variable.
    public var secretRef: OptionalReference?

    /// A source.
    public init(
        prefix: String = "", configMapRef: OptionalReference? = nil, secretRef: OptionalReference? = nil
    ) {
        self.prefix = prefix
        self.configMapRef = configMapRef
        self.secretRef = secretRef
    }
}

/// A ConfigMap or Secret by name (core/v1 ConfigMapEnvSource, SecretEnvSource).
public struct OptionalReference: Sendable, Hashable {
    /// The object's name, in the Pod's own namespace.
    public var name: String
    /// Whether it may be missing.
    public var optional: Bool?

    /// A reference.
    public init(name: String, optional: Bool? = nil) {
        self.name = name
        self.optional = optional
    }
}

/// A key of a ConfigMap or Secret (core/v1 ConfigMapKeySelector, SecretKeySelector).
public struct KeySelector: Sendable, Hashable {
    /// The object's name, in the Pod's own namespace.
    public var name: String
    /// The key.
    public var key: String
    /// Whether the object or its key may be missing.
    public var optional: Bool?

    /// A selector.
    public init(name: String, key: String, optional: Bool? = nil) {
        self.name = name
        self.key = key
        self.optional = optional
    }
}

/// A field of the Pod that its containers can be told (core/v1 ObjectFieldSelector).
public struct ObjectFieldSelector: Sendable, Hashable {
    /// The version that the path is of.
    public var apiVersion: String
    /// The way to the field, for example `metadata.labels['app']`.
    public var fieldPath: String

    /// A field.
    public init(fieldPath: String, apiVersion: String = "v1") {
        self.fieldPath = fieldPath
        self.apiVersion = apiVersion
    }

    /// The path, and the key in it where it has one: `metadata.labels`, `app`.
    public var parts: (path: String, key: String?) {
        guard fieldPath.hasSuffix("']"), let start = fieldPath.firstRange(of: "['") else { return (fieldPath, nil) }
        return (
            String(fieldPath[..<start.lowerBound]), String(fieldPath[start.upperBound...].dropLast(2))
        )
    }
}

/// What a container may use, as its processes can be told (core/v1 ResourceFieldSelector).
public struct ResourceFieldSelector: Sendable, Hashable {
    /// The container; nil for the one that asks.
    public var containerName: String?
    /// `limits.cpu`, `requests.memory`, ….
    public var resource: String
    /// What the amount is counted in, rounded up; nil for 1.
    public var divisor: Quantity?

    /// A selector.
    public init(resource: String, containerName: String? = nil, divisor: Quantity? = nil) {
        self.resource = resource
        self.containerName = containerName
        self.divisor = divisor
    }

    /// The amount in the divisor's units, rounded up (Kubernetes `convertResourceCPUToString`).
    public func count(of amount: Quantity) -> Int {
        let unit = divisor.flatMap { $0 > Quantity(0) ? $0 : nil } ?? Quantity(1)
        let (quotient, remainder) = amount.nanos.quotientAndRemainder(dividingBy: unit.nanos)
        return Int(clamping: remainder > 0 ? quotient + 1 : quotient)
    }
}
