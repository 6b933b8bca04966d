/// Keys that end a session when they are typed one after the other (kubectl's `--detach-keys`).
struct DetachKeys: Sendable, Hashable {
    /// What kubectl has without the flag.
    static let usual = "ctrl-p,ctrl-q"

    private let sequence: [UInt8]
    /// How many of them have been typed; they are held back until it is clear what was meant.
    private var matched = 0

    /// Reads keys that are named like `ctrl-p,ctrl-q` or `a`, with commas between them; nil when one is none.
    init?(parsing text: String) {
        var sequence: [UInt8] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let key = Self.key(word) else { return nil }
            sequence.append(key)
        }
        self.sequence = sequence
    }

    private static func key(_ word: Substring) -> UInt8? {
        if word == "DEL" { return 0x7F }
        if word.utf8.count == 1 { return word.utf8.first }
        guard word.hasPrefix("ctrl-"), word.utf8.count == 6, let letter = word.utf8.last else { return nil }
        switch letter {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return letter - 0x60
        case UInt8(ascii: "@"), UInt8(ascii: "[")...UInt8(ascii: "_"): return letter - 0x40
        default: return nil
        }
    }

    /// Takes what was typed.
    ///
    /// - Returns: what is to be passed on, and whether the sequence is complete; what follows it is dropped.
    mutating func take(_ typed: [UInt8]) -> (keys: [UInt8], isComplete: Bool) {
        var keys: [UInt8] = []
        for key in typed {
            if key != sequence[matched] {
                // Not them after all, unless this is where they begin.
                keys += sequence[..<matched]
                matched = 0
            }
            if key == sequence[matched] {
                matched += 1
                if matched == sequence.count { return (keys, true) }
            } else {
                keys.append(key)
            }
        }
        return (keys, false)
    }
}
