/// A tar written byte by byte, so that it can hold what no honest tool would put into one.
struct Tar {
    private(set) var bytes: [UInt8] = []

    /// Appends an entry in ustar's format, with GNU's long names; `kind` is its type flag.
    mutating func add(
        _ name: String, kind: Character = "0", link: String = "", mode: Int = 0o644, user: Int = 0, group: Int = 0,
        content: [UInt8] = [], claimedSize: Int? = nil
    ) {
        if name.utf8.count > 100 { add("././@LongLink", kind: "L", content: Array(name.utf8) + [0]) }
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Collection<UInt8>, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.count, with: text)
        }
        func octal(_ number: Int, _ digits: Int) -> [UInt8] {
            let text = String(number, radix: 8)
            return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
        }
        put(name.utf8.prefix(100), at: 0)
        put(octal(mode, 7), at: 100)
        put(octal(user, 7), at: 108)
        put(octal(group, 7), at: 116)
        put(octal(claimedSize ?? content.count, 11), at: 124)
        put(octal(1_000_000_000, 11), at: 136)
        put([kind.asciiValue ?? 0], at: 156)
        put(link.utf8, at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        // The checksum is taken with spaces in its own place.
        put(Array("        ".utf8), at: 148)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + [0], at: 148)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Appends a pax header, which overrides what the next entry says of itself; of all later ones where `isGlobal`.
    mutating func addPax(_ records: [(String, String)], isGlobal: Bool = false) {
        let content = records.flatMap { name, value -> [UInt8] in
            let rest = " \(name)=\(value)\n"
            var length = rest.utf8.count + 1
            while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
            return Array("\(length)\(rest)".utf8)
        }
        add("PaxHeaders/x", kind: isGlobal ? "g" : "x", content: content)
    }

    /// The whole archive.
    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    static func of(_ fill: (inout Tar) -> Void) -> [UInt8] {
        var tar = Tar()
        fill(&tar)
        return tar.finished
    }
}
