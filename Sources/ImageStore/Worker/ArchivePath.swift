import Glibc

/// A relative path as an archive spells it, taken apart and checked: it cannot lead out of the directory it is used in.
struct ArchivePath: Hashable {
    /// The names from the top down; empty means the directory itself. Bytes, because not every name is UTF-8.
    let components: [[UInt8]]

    /// Deep enough for every real image, shallow enough for one descriptor per level.
    static let deepest = 256

    init(components: [[UInt8]]) { self.components = components }

    /// Takes a path apart.
    ///
    /// - Throws: `Refusal` for an absolute path, one with `..`, and one beyond the system's lengths.
    init(_ text: UnsafePointer<CChar>) throws(Refusal) {
        try self.init(bytes: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
    }

    init(bytes: [UInt8]) throws(Refusal) {
        if bytes.isEmpty { throw Refusal("an entry has no name") }
        if bytes.first == UInt8(ascii: "/") { throw Refusal("the entry \(quoted(bytes)) has an absolute path") }
        let components = bytes.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != dot }
        if components.contains(dotDot) { throw Refusal("the entry \(quoted(bytes)) leads out by \"..\"") }
        if bytes.count >= 4096 || components.contains(where: { $0.count > 255 }) {
            throw Refusal("the entry \(quoted(bytes)) has a longer name than the system allows")
        }
        if components.count > ArchivePath.deepest {
            throw Refusal("the entry \(quoted(bytes)) is nested more than \(ArchivePath.deepest) levels deep")
        }
        self.components = components
    }

    /// The last name; nil for the directory itself.
    var name: [UInt8]? { components.last }

    /// The path without its last name.
    var parent: ArchivePath { ArchivePath(components: Array(components.dropLast())) }

    /// The directories that it lies in, from the top down; the root is not among its own.
    var ancestors: [ArchivePath] { components.indices.map { ArchivePath(components: Array(components[..<$0])) } }

    /// The path of `name` in this directory.
    func appending(_ name: [UInt8]) -> ArchivePath { ArchivePath(components: components + [name]) }

    /// `a/b/c`, or `.`; nil when it is not UTF-8.
    var text: String? {
        components.isEmpty ? "." : String(validating: components.joined(separator: [UInt8(ascii: "/")]), as: UTF8.self)
    }
}

private let dot = Array(".".utf8)
private let dotDot = Array("..".utf8)

/// A name for a message: repaired, without control characters, and cut.
func quoted(_ bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(200), as: UTF8.self)
    let printable = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    return "\"" + String(String.UnicodeScalarView(printable)) + (bytes.count > 200 ? "…" : "") + "\""
}
