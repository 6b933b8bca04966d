import Manifests

/// What `doctor` prints.
struct DoctorReport {
    let findings: [Finding]

    /// A line for each finding, wrapped at 80 columns, and below it what to do.
    var text: String {
        let width = (findings.map(\.subject.count).max() ?? 0) + 2
        let indent = String(repeating: " ", count: 9 + width)
        let lines = findings.flatMap { finding in
            let head =
                finding.verdict.rawValue.padding(to: 9) + finding.subject.padding(to: width)
            return Self.wrapped(finding.finding, first: head, rest: indent)
                + (finding.remedy.map { Self.wrapped("=> \($0)", first: indent, rest: indent + "   ") } ?? [])
        }
        return lines.map { "\($0)\n" }.joined() + "\n\(sum)\n"
    }

    var hasProblems: Bool { findings.contains { $0.verdict == .problem } }

    private var sum: String {
        let problems = findings.count { $0.verdict == .problem }
        let notes = findings.count { $0.verdict == .note }
        let rest = notes == 0 ? "" : ", \(notes) note\(notes == 1 ? "" : "s")"
        if problems == 0 { return "Pods can run here\(rest)." }
        return "Pods cannot run here as they should: \(problems) problem\(problems == 1 ? "" : "s")\(rest)."
    }

    /// For machines.
    var json: JSONValue {
        [
            "healthy": .bool(!hasProblems),
            "findings": .array(
                findings.map { finding in
                    [
                        "verdict": .string(finding.verdict.rawValue), "subject": .string(finding.subject),
                        "finding": .string(finding.finding), "remedy": finding.remedy.map(JSONValue.string) ?? .null,
                    ]
                }),
        ]
    }

    /// Lines of at most 80 columns, broken between words.
    private static func wrapped(_ text: String, first: String, rest: String) -> [String] {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > 80 {
                lines.append(line)
                (line, isEmpty) = (rest, true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
