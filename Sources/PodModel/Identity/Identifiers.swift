/// A name made of one piece of text that must not be mixed up with any other.
///
/// Identifiers encode as plain strings, so that they read well in records and can be keys of encoded dictionaries.
public protocol TextIdentifier: Hashable, Comparable, Sendable, Codable, CodingKeyRepresentable,
    CustomStringConvertible
{
    /// The identifier as written.
    var text: String { get }
    /// Takes the text as it is; whoever parses input checks it first.
    init(_ text: String)
}

extension TextIdentifier {
    /// The identifier as written.
    public var description: String { text }

    /// Ordered by text.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// Reads a plain string.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes a plain string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The identifier as the key of an encoded dictionary.
    public var codingKey: any CodingKey { TextKey(stringValue: text) }

    /// Reads the key of an encoded dictionary.
    public init?<Key: CodingKey>(codingKey: Key) { self.init(codingKey.stringValue) }
}

private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// The identity of one life of a Pod: a random UUID, given at acceptance, changed only by a recreate.
public struct PodUID: TextIdentifier {
    /// Lower-case UUID text.
    public let text: String
    /// Takes a UUID's text.
    public init(_ text: String) { self.text = text }
}

/// The identity of one sandbox: a new one each time a Pod's namespaces are made.
public struct SandboxID: TextIdentifier {
    /// As the runtime names it.
    public let text: String
    /// Takes the runtime's name.
    public init(_ text: String) { self.text = text }
}

/// The identity of one container instance: a new one on each restart.
public struct ContainerID: TextIdentifier {
    /// 64 hexadecimal digits.
    public let text: String
    /// Takes 64 hexadecimal digits.
    public init(_ text: String) { self.text = text }

    /// As the Pod's status shows it: `reconcile://<id>`.
    public var url: String { "reconcile://\(text)" }
}

/// A digest of content, `sha256:<hex>`.
public struct Digest: TextIdentifier {
    /// Algorithm, a colon, lower-case hexadecimal digits.
    public let text: String
    /// Takes algorithm, colon and hexadecimal digits.
    public init(_ text: String) { self.text = text }
}

/// The unit that is accepted or refused as one: the first directory below the followed path, `.` for files beside them.
public struct ApplicationName: TextIdentifier {
    /// A directory's name, or `.`.
    public let text: String
    /// Takes a directory's name.
    public init(_ text: String) { self.text = text }
    /// The application of files that stand directly in the followed path.
    public static let root = ApplicationName(".")
}

/// A version of what a source holds: of a repository, a commit.
public struct RevisionID: TextIdentifier {
    /// Of a commit, 40 hexadecimal digits.
    public let text: String
    /// Takes the text by which the source names it.
    public init(_ text: String) { self.text = text }
    /// The first seven digits, as people quote commits.
    public var short: String { String(text.prefix(7)) }
}

/// The identity of one boot of the machine: the text of `/proc/sys/kernel/random/boot_id`.
public struct BootID: TextIdentifier {
    /// UUID text without the line's end.
    public let text: String
    /// Takes the text without the line's end.
    public init(_ text: String) { self.text = text }
}
