/// Collects the entries of one mapping under the rules of Kubernetes' YAML reader.
struct MapBuilder {
    private(set) var entries: [Node.Entry] = []
    private(set) var findings: [Finding] = []
    /// Where each key is, once there are many; few are found faster by looking.
    private var indices: [String: Int] = [:]
    /// Keys that came by `<<` and may be written again.
    private var merged: Set<String> = []

    /// Adds a written entry.
    ///
    /// A key written twice is an error: Kubernetes would keep the last and say nothing.
    mutating func add(_ key: Node, _ value: Node, at place: Place) {
        guard let name = name(of: key, at: place) else { return }
        if let index = index(of: name), !merged.contains(name) {
            findings.append(
                Finding(
                    .error, at: place,
                    "key \(name.quoted) is written twice, first in line \(entries[index].keyPlace.line)",
                    hint: "remove one of them"))
        }
        if !merged.isEmpty { merged.remove(name) }
        set(Node.Entry(key: name, keyPlace: place, value: value))
    }

    /// Adds what `<<` brings: a mapping, or several of which the earlier wins.
    ///
    /// As for Kubernetes, and unlike YAML 1.1, it replaces keys written before it, and keys after it replace its own.
    mutating func merge(_ value: Node, at place: Place) {
        switch value.content {
        case .map(let entries): merge(entries, at: place)
        case .list(let maps):
            for map in maps.reversed() {
                if case .map(let entries) = map.content { merge(entries, at: place) } else { refuseMerge(map) }
            }
        case .scalar, .unreadable: refuseMerge(value)
        }
    }

    private mutating func merge(_ others: [Node.Entry], at place: Place) {
        for entry in others {
            if index(of: entry.key) != nil, merged.insert(entry.key).inserted {
                findings.append(
                    Finding(
                        .notice, at: place, "\"<<\" replaces the key \(entry.key.quoted) that is written before it",
                        hint: "write \"<<\" first and the keys that differ after it"))
            }
            merged.insert(entry.key)
            set(entry)
        }
    }

    private mutating func refuseMerge(_ value: Node) {
        if value.isUnreadable { return }
        findings.append(
            Finding(
                .error, at: value.place, "\"<<\" takes a mapping or a list of mappings, found \(value.sort)"))
    }

    private mutating func set(_ entry: Node.Entry) {
        if let index = index(of: entry.key) {
            entries[index] = entry
        } else {
            if entries.count >= Self.few { indices[entry.key] = entries.count }
            entries.append(entry)
        }
    }

    private static let few = 12

    private func index(of key: String) -> Int? {
        entries.prefix(Self.few).firstIndex { $0.key == key } ?? indices[key]
    }

    /// The key as JSON has it: numbers and booleans become text.
    private mutating func name(of key: Node, at place: Place) -> String? {
        switch key.content {
        case .scalar(.string(let text), _): return text
        case .scalar(let value, _) where value != .null: return value.canonical
        case .unreadable: return nil
        default:
            findings.append(Finding(.error, at: place, "a key must be text, found \(key.sort)"))
            return nil
        }
    }
}
