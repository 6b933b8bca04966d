/// The difference of two texts as `diff -u` prints it: three lines of context, and the line numbers of each part.
public struct UnifiedDiff: Hashable, Sendable {
    /// How many lines were taken away.
    public let removed: Int
    /// How many lines were added.
    public let added: Int
    private let hunks: [Hunk]

    /// Compares two texts line by line; a missing text is empty.
    public init(from old: String, to new: String) {
        let edits = Edit.script(from: Self.lines(of: old), to: Self.lines(of: new))
        removed = edits.count { $0.kind == .removed }
        added = edits.count { $0.kind == .added }
        hunks = Hunk.hunks(of: edits)
    }

    /// The parts that differ, below a line for each side; empty when nothing differs.
    public func text(old: String, new: String) -> String {
        if hunks.isEmpty { return "" }
        return "--- \(old)\n+++ \(new)\n" + hunks.map(\.text).joined()
    }

    private static func lines(of text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

/// One line of either side, or of both.
private struct Edit: Hashable {
    enum Kind: Character {
        case kept = " "
        case removed = "-"
        case added = "+"
    }

    let kind: Kind
    let line: Substring

    /// Every line of both sides in order; of a changed line, what was taken away comes first.
    static func script(from old: [Substring], to new: [Substring]) -> [Edit] {
        var removals: Set<Int> = []
        var insertions: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removals.insert(offset)
            case .insert(let offset, _, _): insertions.insert(offset)
            }
        }
        var edits: [Edit] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removals.contains(left) {
                edits.append(Edit(kind: .removed, line: old[left]))
                left += 1
            } else if insertions.contains(right) {
                edits.append(Edit(kind: .added, line: new[right]))
                right += 1
            } else {
                edits.append(Edit(kind: .kept, line: old[left]))
                (left, right) = (left + 1, right + 1)
            }
        }
        return edits
    }
}

/// Changes that lie close together, and the lines around them.
private struct Hunk: Hashable {
    private static let context = 3

    /// The first line of each side, from 1; 0 before the first.
    let oldStart: Int, newStart: Int
    let edits: ArraySlice<Edit>

    var text: String {
        let oldCount = edits.count { $0.kind != .added }
        let newCount = edits.count { $0.kind != .removed }
        return "@@ -\(Self.range(oldStart, oldCount)) +\(Self.range(newStart, newCount)) @@\n"
            + edits.map { "\($0.kind.rawValue)\($0.line)\n" }.joined()
    }

    static func hunks(of edits: [Edit]) -> [Hunk] {
        var ranges: [Range<Int>] = []
        for index in edits.indices where edits[index].kind != .kept {
            let range = max(0, index - context)..<min(edits.count, index + context + 1)
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges.map { range in
            let before = edits[..<range.lowerBound]
            return Hunk(
                oldStart: before.count { $0.kind != .added }, newStart: before.count { $0.kind != .removed },
                edits: edits[range])
        }
    }

    /// `3,7`; the count is left out when it is 1, and an empty side names the line before.
    private static func range(_ before: Int, _ count: Int) -> String {
        let first = count == 0 ? before : before + 1
        return count == 1 ? "\(first)" : "\(first),\(count)"
    }
}
