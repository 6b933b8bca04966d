/// A place in a manifest, as editors count: lines and columns start at 1, columns are Unicode scalars.
public struct SourcePosition: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The file's path as it was handed in.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int

    /// A place in `file`.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`.
    public var description: String { "\(file):\(line):\(column)" }

    /// By file, then from top to bottom, then from left to right.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// Something a person should know about a manifest, and where.
///
/// Reads `web/pod.yaml:14:7: unknown field "contianers" in Pod.spec`, and on a second line, when there is one,
/// `  hint: did you mean "containers"?`.
public struct Diagnostic: Sendable, Hashable, Codable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, Codable {
        /// The object it stands in is not used.
        case error
        /// The object is used; its author may be surprised.
        case notice
    }

    /// How bad it is.
    public let severity: Severity
    /// Where it was written.
    public let position: SourcePosition
    /// What is wrong, without the place.
    public let message: String
    /// What to do about it, where we can tell.
    public let hint: String?

    /// A finding at `position`.
    public init(_ severity: Severity, at position: SourcePosition, _ message: String, hint: String? = nil) {
        self.severity = severity
        self.position = position
        self.message = message
        self.hint = hint
    }

    /// `file:line:column: message`, and the hint on a line of its own.
    public var description: String { "\(position): \(message)\(hint.map { "\n  hint: \($0)" } ?? "")" }
}
