extension Pod: Codable {
    /// Reads a Pod back from a record: `encoded`, or the fields its author wrote.
    ///
    /// Strict about fields and types, lenient about values: what Kubernetes allowed when it was stored stays readable.
    ///
    /// - Throws: `ManifestError.unreadable` with every problem.
    public init(decoding record: JSONValue) throws(ManifestError) { self = try Pod.schema.read(record, kind: "Pod") }

    /// The Pod as Kubernetes writes it: apiVersion, kind, and every field that is not empty, defaults included.
    public var encoded: JSONValue { Pod.schema.encode(self) }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws { try self.init(decoding: JSONValue(from: decoder)) }

    /// Writes `encoded`.
    public func encode(to encoder: any Encoder) throws { try encoded.encode(to: encoder) }
}

extension ConfigMap: Codable {
    /// Reads a ConfigMap back from a record, strict about fields and types, lenient about values.
    public init(decoding record: JSONValue) throws(ManifestError) {
        self = try ConfigMap.schema.read(record, kind: "ConfigMap")
    }

    /// The ConfigMap as Kubernetes writes it.
    public var encoded: JSONValue { ConfigMap.schema.encode(self) }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws { try self.init(decoding: JSONValue(from: decoder)) }

    /// Writes `encoded`.
    public func encode(to encoder: any Encoder) throws { try encoded.encode(to: encoder) }
}

extension Secret {
    /// Reads a Secret back from `encoded`. It is not Codable: its values do not belong into records.
    public init(decoding record: JSONValue) throws(ManifestError) {
        self = try Secret.schema.read(record, kind: "Secret")
    }

    /// The Secret as Kubernetes writes it, values in base64: for a file system that only its Pod sees.
    public var encoded: JSONValue { Secret.schema.encode(self) }
}

extension Namespace: Codable {
    /// Reads a Namespace back from a record, strict about fields and types, lenient about values.
    public init(decoding record: JSONValue) throws(ManifestError) {
        self = try Namespace.schema.read(record, kind: "Namespace")
    }

    /// The Namespace as Kubernetes writes it.
    public var encoded: JSONValue { Namespace.schema.encode(self) }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws { try self.init(decoding: JSONValue(from: decoder)) }

    /// Writes `encoded`.
    public func encode(to encoder: any Encoder) throws { try encoded.encode(to: encoder) }
}

extension ObjectSchema {
    /// Reads an object back from a record.
    fileprivate func read(_ record: JSONValue, kind: String) throws(ManifestError) -> Value {
        var decoding = Decoding(kind: kind, root: descriptions, checksRules: false, hidesValues: kind == "Secret")
        let decoded = decode(Node(record), &decoding)
        guard let decoded, !decoding.hasErrors else {
            throw .unreadable(kind: kind, problems: decoding.findings.map(\.message))
        }
        return decoded.value
    }
}

/// Why an object could not be read from a record.
public enum ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The record holds no object of the kind, or one that this version cannot read.
    case unreadable(kind: String, problems: [String])

    /// One sentence.
    public var description: String {
        switch self {
        case .unreadable(let kind, let problems):
            "the stored \(kind) cannot be read: \(problems.joined(separator: "; ")); "
                + "it was written by another version, remove the record to start the \(kind) anew from its manifest"
        }
    }
}
