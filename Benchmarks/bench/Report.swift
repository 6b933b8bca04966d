import Glibc
import Synchronization

/// What the bench says: rows of figures, and beside those that have one their goal and the verdict.
enum Report {
    private static let missed = Mutex<[String]>([])

    /// A headline.
    static func section(_ title: String) { say("\n\(title)") }

    /// Seen at once, also through a pipe.
    static func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    /// A row of times with its goals.
    static func row(_ sample: Sample, floor: Sample? = nil, _ goals: Goal...) {
        say(sample.row(floor: floor))
        for goal in goals { judge(sample.name, goal) }
    }

    /// A single figure with its goals.
    static func figure(_ name: String, _ text: String, _ goals: Goal...) {
        say(name.padded(to: 46) + text.leftPadded(to: 10))
        for goal in goals { judge(name, goal) }
    }

    /// A line without a figure.
    static func note(_ text: String) { say("    \(text)") }

    /// How the goals stand, at the end.
    static func verdict() {
        let missed = missed.withLock { $0 }
        print(missed.isEmpty ? "\nevery goal is met" : "\nmissed:\n" + missed.map { "  \($0)" }.joined(separator: "\n"))
    }

    private static func judge(_ name: String, _ goal: Goal) {
        say("    goal: \(goal.sentence)")
        if !goal.isMet { missed.withLock { $0.append("\(name.trimmed): \(goal.sentence)") } }
    }
}

/// What a figure is to be.
struct Goal {
    let what: String
    let value: Double
    let limit: Double
    let unit: String
    var isFloor = false

    /// A figure that is to be at most `limit`.
    static func atMost(_ limit: Double, _ unit: String, _ value: Double, _ what: String = "") -> Goal {
        Goal(what: what, value: value, limit: limit, unit: unit)
    }

    /// A figure that is to be at least `limit`.
    static func atLeast(_ limit: Double, _ unit: String, _ value: Double, _ what: String = "") -> Goal {
        Goal(what: what, value: value, limit: limit, unit: unit, isFloor: true)
    }

    var isMet: Bool { isFloor ? value >= limit : value <= limit }

    var sentence: String {
        let verdict = isMet ? "met" : "MISSED"
        return
            "\(what.isEmpty ? "" : what + " ")\(isFloor ? ">=" : "<=") \(plain(limit)) \(unit): \(verdict) (\(plain(value)))"
    }
}

/// At most three decimals, none without need.
private func plain(_ value: Double) -> String {
    guard value.isFinite else { return "nothing measured" }
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
