import Foundation

/// What the last runs of tests came to on one kind of machine.
///
/// Read from what `swift test` printed, behind a line of `scripts/machine.sh` for each run, or from what was kept of that in
/// `docs/results`. What ran more than once is as it went last, wherever that was.
struct Results {
    enum Outcome: String { case passed, failed, skipped }

    /// How a test went, and where.
    struct Entry: Equatable {
        let outcome: Outcome
        /// The machine and the day, for people.
        let machine: String
    }

    /// Which control groups the machine had: `hybrid` or `v2`.
    let groups: String
    /// By the tests' titles.
    private(set) var entries: [String: Entry] = [:]

    /// The machines and days that these results are of, for people.
    var machine: String { Set(entries.values.map(\.machine)).sorted().joined(separator: "; ") }

    /// What runs printed, one after the other; nil when it does not say where they ran. A test that began and came to no end,
    /// because it hung or all stopped, has failed.
    init?(log: String) {
        self.init(log) { run in
            run.matches(of: /(?m)^\S+ Test "(.*)" (?:with \d+ test cases? )?(started|passed|failed|skipped)/)
                .map { (String($0.1), $0.2 == "started" ? Outcome.failed.rawValue : String($0.2)) }
        }
    }

    /// What was kept of runs.
    init?(kept text: String) {
        self.init(text) { run in
            run.split(separator: "\n").dropFirst().compactMap { line in
                let parts = line.split(separator: "\t", maxSplits: 1)
                return parts.count == 2 ? (String(parts[1]), String(parts[0])) : nil
            }
        }
    }

    /// - Parameter read: titles and outcomes in the text of one run, which begins with the line of its machine.
    private init?(_ text: String, read: (Substring) -> [(title: String, outcome: String)]) {
        let places = text.matches(of: /(?m)^machine: (\w+), (.*)$/)
        guard let groups = places.first?.1 else { return nil }
        self.groups = String(groups)
        let ends = places.dropFirst().map(\.range.lowerBound) + [text.endIndex]
        for (place, end) in zip(places, ends) {
            for (title, outcome) in read(text[place.range.lowerBound..<end]) {
                guard let outcome = Outcome(rawValue: outcome) else { continue }
                note(Entry(outcome: outcome, machine: String(place.2)), of: title)
            }
        }
    }

    /// These, and where they say nothing what `earlier` says.
    func over(_ earlier: Results) -> Results {
        var all = earlier
        for (title, entry) in entries { all.note(entry, of: title) }
        return all
    }

    /// That a test does not run on one machine takes nothing from how it went on another.
    private mutating func note(_ entry: Entry, of title: String) {
        if entry.outcome != .skipped || entries[title] == nil { entries[title] = entry }
    }

    /// As it is kept: by machines, a line for each of these tests that ran there, in the order of their titles.
    func kept(of titles: Set<String>) -> String {
        let runs = Dictionary(grouping: entries.filter { titles.contains($0.key) }, by: \.value.machine)
        return runs.sorted { $0.key < $1.key }.map { machine, tests in
            let lines = tests.sorted { $0.key < $1.key }.map { "\($0.value.outcome.rawValue)\t\($0.key)\n" }
            return "machine: \(groups), \(machine)\n" + lines.joined()
        }.joined()
    }

    /// How a rule fared: `passed` when all of its tests that ran did; `–` when none of them ran here.
    func verdict(on tests: [String]) -> String {
        let outcomes = tests.compactMap { entries[$0]?.outcome }
        if outcomes.contains(.failed) { return "**failed**" }
        let passed = outcomes.count { $0 == .passed }
        if passed == 0 { return "–" }
        return passed == tests.count ? "passed" : "passed (\(passed) of \(tests.count) run)"
    }
}
