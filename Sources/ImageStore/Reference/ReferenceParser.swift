/// Takes an image name apart and completes it (github.com/distribution/reference, `ParseNormalizedNamed`).
struct ReferenceParser {
    /// What is wrong with a name, as the end of a sentence.
    struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let text: String

    init(_ text: String) { self.text = text }

    func parse() throws(Problem) -> ImageReference {
        if text.isEmpty { throw Problem("it is empty") }
        let (beforeDigest, digest) = try splitDigest()
        let (name, tag) = try splitTag(beforeDigest)
        if Digest(hex: name) != nil { throw Problem("64 hexadecimal digits are an image id, not a name") }
        let (registry, repository) = try splitRegistry(name)
        try check(repository: repository)
        if registry.utf8.count + 1 + repository.utf8.count > 255 { throw Problem("it is longer than 255 characters") }
        let completed = tag ?? (digest == nil ? ImageReference.defaultTag : nil)
        return ImageReference(registry: registry, repository: repository, tag: completed, digest: digest)
    }

    private func splitDigest() throws(Problem) -> (Substring, Digest?) {
        guard let at = text.firstIndex(of: "@") else { return (text[...], nil) }
        let digest = String(text[text.index(after: at)...])
        guard let parsed = Digest(digest) else {
            throw Problem("\"\(digest)\" is not a digest (sha256: and 64 lower-case hexadecimal digits)")
        }
        return (text[..<at], parsed)
    }

    /// A colon after the last slash starts the tag; one before it belongs to the registry's port.
    private func splitTag(_ text: Substring) throws(Problem) -> (String, String?) {
        let lastSlash = text.lastIndex(of: "/") ?? text.startIndex
        guard let colon = text[lastSlash...].lastIndex(of: ":") else { return (String(text), nil) }
        let tag = text[text.index(after: colon)...]
        guard let first = tag.utf8.first, first.isWord, tag.utf8.count <= 128,
            tag.utf8.allSatisfy({ $0.isWord || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else {
            throw Problem(
                "\"\(tag)\" is not a tag (up to 128 letters, digits, \"_\", \".\" and \"-\", not first \".\" or \"-\")")
        }
        return (String(text[..<colon]), String(tag))
    }

    /// The first component is a registry only if it could not be a repository: it has a dot, a port, or is localhost.
    private func splitRegistry(_ name: String) throws(Problem) -> (String, String) {
        guard let slash = name.firstIndex(of: "/") else {
            return (ImageReference.defaultRegistry, ImageReference.officialPrefix + name)
        }
        let first = String(name[..<slash])
        let rest = String(name[name.index(after: slash)...])
        let isRegistry =
            first.contains(".") || first.contains(":") || first == "localhost" || first != first.lowercased()
        guard isRegistry else { return (ImageReference.defaultRegistry, name) }
        try check(registry: first)
        guard first == ImageReference.defaultRegistry || first == "index.docker.io" else { return (first, rest) }
        return (ImageReference.defaultRegistry, rest.contains("/") ? rest : ImageReference.officialPrefix + rest)
    }

    private func check(registry: String) throws(Problem) {
        let parts = registry.split(separator: ":", omittingEmptySubsequences: false)
        let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let hostIsFine = labels.allSatisfy { label in
            !label.isEmpty && label.utf8.first != UInt8(ascii: "-") && label.utf8.last != UInt8(ascii: "-")
                && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
        }
        let portIsFine = parts.count == 1 || (parts.count == 2 && isPort(parts[1]))
        if !hostIsFine || !portIsFine { throw Problem("\"\(registry)\" is not a registry's host name and port") }
    }

    /// Digits alone: `UInt16` takes a sign as well.
    private func isPort(_ text: Substring) -> Bool { text.utf8.allSatisfy(\.isDigit) && UInt16(text) != nil }

    private func check(repository: String) throws(Problem) {
        if repository != repository.lowercased() { throw Problem("a repository's name is in lower case") }
        for component in repository.split(separator: "/", omittingEmptySubsequences: false)
        where !ReferenceParser.isPathComponent(Array(component.utf8)) {
            throw Problem(
                "\"\(component)\" is not a part of a repository's name (lower-case letters and digits, "
                    + "between them \".\", \"_\", \"__\" or dashes)")
        }
    }

    /// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
    private static func isPathComponent(_ bytes: [UInt8]) -> Bool {
        var separator: [UInt8] = []
        var sawWord = false
        for byte in bytes {
            if byte.isLowerAlphanumeric {
                guard separator.isEmpty || (sawWord && isSeparator(separator)) else { return false }
                separator = []
                sawWord = true
            } else {
                separator.append(byte)
            }
        }
        return sawWord && separator.isEmpty
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        bytes == Array(".".utf8) || bytes == Array("_".utf8) || bytes == Array("__".utf8)
            || bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isLowerAlphanumeric: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    fileprivate var isAlphanumeric: Bool {
        isLowerAlphanumeric || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
    fileprivate var isWord: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
}
