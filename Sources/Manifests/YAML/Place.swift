/// A place in one file, whatever the file is called: both from 1.
struct Place: Sendable, Hashable, Comparable {
    let line: Int32
    let column: Int32

    init(line: Int, column: Int) {
        self.line = Int32(clamping: line)
        self.column = Int32(clamping: column)
    }

    /// What a record is read from has no lines.
    static let nowhere = Place(line: 0, column: 0)

    /// From top to bottom, then from left to right.
    static func < (left: Place, right: Place) -> Bool { (left.line, left.column) < (right.line, right.column) }

    /// The place in the file of this path.
    func position(in file: String) -> SourcePosition {
        SourcePosition(file: file, line: Int(line), column: Int(column))
    }
}

/// A diagnostic of a file whose path does not matter yet, so that it can be kept by what the file holds.
struct Finding: Sendable, Hashable {
    let severity: Diagnostic.Severity
    let place: Place
    let message: String
    let hint: String?

    init(_ severity: Diagnostic.Severity, at place: Place, _ message: String, hint: String? = nil) {
        self.severity = severity
        self.place = place
        self.message = message
        self.hint = hint
    }

    /// As a person sees it.
    func diagnostic(in file: String) -> Diagnostic {
        Diagnostic(severity, at: place.position(in: file), message, hint: hint)
    }
}
