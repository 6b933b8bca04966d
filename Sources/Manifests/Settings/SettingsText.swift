/// A file of settings: one flat YAML mapping of names to values, read as strictly as manifests.
public struct SettingsText: Sendable {
    /// One setting.
    public struct Entry: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value as it was written; items of a list are joined by commas.
        public let text: String
        /// Where the name stands.
        public let position: SourcePosition
    }

    /// What was read without an error, in the order of the file; names without a value are left out.
    public let entries: [Entry]
    /// Everything wrong with the file.
    public let diagnostics: [Diagnostic]

    /// Reads a file.
    ///
    /// - Parameter names: those that settings may have.
    public init(_ file: ManifestFile, names: [String]) {
        var reading = Reading(file: file.path, names: names)
        let documents = Documents.split(file.contents)
        for document in documents.prefix(1) { reading.read(document) }
        for document in documents.dropFirst() {
            reading.report("settings are one document", line: document.firstLine, hint: "remove the line \"---\"")
        }
        entries = reading.entries
        diagnostics = reading.diagnostics
    }
}

/// Entries and findings as they come up.
private struct Reading {
    let file: String
    let names: [String]
    var entries: [SettingsText.Entry] = []
    var diagnostics: [Diagnostic] = []

    mutating func read(_ document: DocumentText) {
        do {
            var composer = try Composer(document)
            let root: Node?
            do { root = try composer.root() } catch {
                note(composer.findings + [error.finding])
                return
            }
            note(composer.findings)
            if let root, !root.isNull { read(root) }
        } catch {
            report(error.message, line: document.firstLine, hint: error.hint)
        }
    }

    private mutating func read(_ root: Node) {
        guard case .map(let fields) = root.content else {
            return report("expected \"name: value\" lines, found \(root.words)", at: root.place)
        }
        for field in fields {
            guard names.contains(field.key) else {
                let near = Nearest.name(to: field.key, in: names)
                report(
                    "unknown setting \(field.key.quoted)", at: field.keyPlace,
                    hint: near.map { "did you mean \($0.quoted)?" } ?? "known are \(names.joined(separator: ", "))")
                continue
            }
            guard let text = text(of: field.value) else {
                report("\(field.key): expected a value, found \(field.value.words)", at: field.value.place)
                continue
            }
            if field.value.isNull { continue }
            entries.append(SettingsText.Entry(name: field.key, text: text, position: field.keyPlace.position(in: file)))
        }
    }

    private func text(of node: Node) -> String? {
        switch node.content {
        case .scalar(_, let text): return text
        case .list(let items):
            let texts = items.compactMap { item in if case .scalar(_, let text) = item.content { text } else { nil } }
            return texts.count == items.count ? texts.joined(separator: ",") : nil
        case .map, .unreadable: return nil
        }
    }

    mutating func report(_ message: String, line: Int, hint: String?) {
        report(message, at: Place(line: line, column: 1), hint: hint)
    }

    private mutating func report(_ message: String, at place: Place, hint: String? = nil) {
        note([Finding(.error, at: place, message, hint: hint)])
    }

    private mutating func note(_ findings: [Finding]) {
        diagnostics += findings.map { $0.diagnostic(in: file) }
    }
}
