import Foundation

/// What the last run of tests came to on one kind of machine.
///
/// Read from what `swift test` printed, behind a line of `scripts/machine.sh`, or from what was kept of that in `docs/results`.
struct Results {
    enum Outcome: String { case passed, failed, skipped }

    /// Which control groups the machine had: `hybrid` or `v2`.
    let groups: String
    /// The machine and the day, for people.
    let machine: String
    /// By the tests' titles.
    let outcomes: [String: Outcome]

    /// What a run printed; nil when it does not say where it ran.
    init?(log: String) {
        guard let (groups, machine) = Self.place(in: log) else { return nil }
        (self.groups, self.machine) = (groups, machine)
        var outcomes: [String: Outcome] = [:]
        for match in log.matches(of: /(?m)^\S+ Test "(.*)" (?:with \d+ test cases? )?(passed|failed|skipped)/) {
            outcomes[String(match.1)] = Outcome(rawValue: String(match.2))
        }
        self.outcomes = outcomes
    }

    /// What was kept of a run.
    init?(kept text: String) {
        guard let (groups, machine) = Self.place(in: text) else { return nil }
        (self.groups, self.machine) = (groups, machine)
        outcomes = Dictionary(
            text.split(separator: "\n").dropFirst().compactMap { line in
                let parts = line.split(separator: "\t", maxSplits: 1)
                return parts.count == 2 ? Outcome(rawValue: String(parts[0])).map { (String(parts[1]), $0) } : nil
            }, uniquingKeysWith: { $1 })
    }

    /// As it is kept: a line for each of these tests that ran, in the order of their titles.
    func kept(of titles: Set<String>) -> String {
        let lines = titles.sorted().compactMap { title in outcomes[title].map { "\($0.rawValue)\t\(title)\n" } }
        return "machine: \(groups), \(machine)\n" + lines.joined()
    }

    /// How a rule fared: `passed` when all of its tests that ran did; `–` when none of them ran here.
    func verdict(on tests: [String]) -> String {
        let outcomes = tests.compactMap { self.outcomes[$0] }
        if outcomes.contains(.failed) { return "**failed**" }
        let passed = outcomes.count { $0 == .passed }
        if passed == 0 { return "–" }
        return passed == tests.count ? "passed" : "passed (\(passed) of \(tests.count) run)"
    }

    private static func place(in text: String) -> (groups: String, machine: String)? {
        text.firstMatch(of: /(?m)^machine: (\w+), (.*)$/).map { (String($0.1), String($0.2)) }
    }
}
