import Linux

/// A small file in which the kernel says something.
enum MachineFile {
    /// Its text without the last line feed; nil when it is not there or may not be read.
    static func text(_ path: String) -> String? {
        guard let bytes = try? Descriptor.open(path).readToEnd(limit: 1 << 20) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// The number in it.
    static func number(_ path: String) -> Int64? { text(path).flatMap { Int64($0.trimming()) } }

    /// What stands behind `name:` in a file such as /proc/self/status.
    static func field(_ name: String, of path: String) -> String? {
        text(path)?.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            .map { String($0.dropFirst(name.count + 1)).trimming() }
    }
}

extension String {
    fileprivate func trimming() -> String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
