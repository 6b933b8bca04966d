extension Pod {
    /// Reads a Pod back from a record: `encoded`, or the fields its author wrote.
    ///
    /// Strict about fields and types, lenient about values: what Kubernetes allowed when it was stored stays readable.
    ///
    /// - Throws: `ManifestError.unreadable` with every problem.
    public init(decoding value: JSONValue) throws(ManifestError) {
        var decoding = Decoding(of: Pod.schema.descriptions, checksRules: false)
        let pod = Pod.schema.shape.decode(Node(value), FieldPath(kind: "Pod"), &decoding)
        guard let pod, !decoding.hasErrors else {
            throw .unreadable(kind: "Pod", problems: decoding.findings.map(\.message))
        }
        self = pod
    }

    /// The Pod as Kubernetes writes it: apiVersion, kind, and every field that is not empty, defaults included.
    public var encoded: JSONValue { Pod.schema.shape.encode(self) }
}

extension Pod: Codable {
    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws { try self.init(decoding: JSONValue(from: decoder)) }

    /// Writes `encoded`.
    public func encode(to encoder: any Encoder) throws { try encoded.encode(to: encoder) }
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
