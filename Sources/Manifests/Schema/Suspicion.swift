/// What the author of an unknown field may have meant.
struct Suspicion: Hashable {
    let hint: String
    /// The field of the same object that was meant, if it was one of those.
    let meant: String?

    /// - Parameters:
    ///   - fields: the fields of the object in which the unknown one stands.
    ///   - root: the table of the whole kind, to find fields that were written in the wrong object.
    init?(of name: String, among fields: [FieldDescription], at path: FieldPath, _ root: [FieldDescription]) {
        if let home = Self.home(of: name, in: root, below: path.kind) {
            hint = "\(name.quoted) belongs to \(home)"
            meant = nil
            return
        }
        let supported = fields.filter { $0.verdict == .supported }.map(\.name)
        if let near = Nearest.name(to: name, in: supported) {
            hint = "did you mean \(near.quoted)?"
            meant = near
        } else if let near = Nearest.name(to: name, in: fields.map(\.name)) {
            hint = "did you mean \(near.quoted), which this version does not support?"
            meant = near
        } else {
            return nil
        }
    }

    /// The object a field belongs to: the outermost that supports it, else the outermost that knows it.
    private static func home(of name: String, in root: [FieldDescription], below kind: String) -> String? {
        var refusing: String?
        var level = [(path: kind, fields: root)]
        while !level.isEmpty {
            for (path, fields) in level {
                guard let field = fields.first(where: { $0.name == name }) else { continue }
                if field.verdict == .supported { return path }
                refusing = refusing ?? path
            }
            level = level.flatMap { path, fields in
                fields.filter { !$0.fields.isEmpty }
                    .map { ("\(path).\($0.name)\($0.isList ? "[]" : "")", $0.fields) }
            }
        }
        return refusing
    }
}

/// The nearest of a set of names, for misspelt ones.
enum Nearest {
    /// The name that differs only by case, or by the fewest edits, at most one in three letters; nil when none is near.
    static func name(to misspelt: String, in names: [String]) -> String? {
        let lowered = misspelt.lowercased()
        if let same = names.first(where: { $0.lowercased() == lowered }) { return same }
        let limit = max(1, min(3, misspelt.count / 3))
        let distances = names.filter { abs($0.count - misspelt.count) <= limit }
            .map { (name: $0, edits: edits(Array(lowered), Array($0.lowercased()))) }
        return distances.filter { $0.edits <= limit }.min { $0.edits < $1.edits }?.name
    }

    /// Insertions, removals, replacements and swaps of neighbours (optimal string alignment).
    private static func edits(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(last[column] + cost, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = last
            last = current
        }
        return last[right.count]
    }
}
