/// A file that is one YAML document of one schema.
struct SettingsDocument<Value: Sendable>: Sendable {
    /// What it says; nil of an empty file, and of one with errors.
    let value: Value?
    /// Everything wrong with it.
    let diagnostics: [Diagnostic]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - kind: what the whole is called in messages.
    ///   - sentence: what to say of a second document.
    init(_ file: ManifestFile, kind: String, _ schema: ObjectSchema<Value>, oneDocument sentence: String) {
        let documents = Documents.split(file.contents)
        var findings = documents.dropFirst().prefix(1).map { document in
            Finding(
                .error, at: Place(line: document.firstLine, column: 1), sentence, hint: "remove the line \"---\"")
        }
        var read: Value?
        if let document = documents.first { findings = Self.read(document, kind, schema, &read) + findings }
        diagnostics = findings.map { $0.diagnostic(in: file.path) }
        value = diagnostics.contains { $0.severity == .error } ? nil : read
    }

    private static func read(
        _ document: DocumentText, _ kind: String, _ schema: ObjectSchema<Value>, _ value: inout Value?
    ) -> [Finding] {
        do {
            var composer = try Composer(document)
            let root: Node?
            do { root = try composer.root() } catch { return composer.findings + [error.finding] }
            guard let root, !root.isNull else { return composer.findings }
            var decoding = Decoding(kind: kind, root: schema.descriptions, checksRules: true)
            value = schema.decode(root, &decoding)?.value
            return composer.findings + decoding.findings
        } catch {
            return [Finding(.error, at: Place(line: document.firstLine, column: 1), error.message, hint: error.hint)]
        }
    }
}
