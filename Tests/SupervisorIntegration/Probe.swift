/// What the prober told of itself.
struct Probe: Sendable {
    /// The lines that are no attempt and no mount, by their first word.
    private(set) var facts: [String: String] = [:]
    /// errno by attempt; 0 for what succeeded.
    private(set) var attempts: [String: Int32] = [:]
    /// File system and flags by mount point, the topmost last.
    private(set) var mounts: [String: (type: String, flags: Set<String>)] = [:]

    /// Reads the prober's output.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "try" where words.count == 3: attempts[words[1]] = Int32(words[2])
            case "mount" where words.count == 4:
                mounts[words[1]] = (words[2], Set(words[3].split(separator: ",").map(String.init)))
            case let name?: facts[name.replacing(":", with: "")] = words.dropFirst().joined(separator: " ")
            case nil: break
            }
        }
    }

    /// Whether it came to its end.
    var isWhole: Bool { facts["end"] == "." }
}
