import Foundation
import Testing

@Suite("The table of scenarios")
struct ScenarioTests {
    @Test("each row is walked by tests that exist, or says what it comes with; there are twenty")
    func rows() throws {
        let titles = try TestTitles.folders()
        for scenario in scenarios {
            #expect(!scenario.tests.isEmpty || scenario.later != nil, "nobody walks row \(scenario.number)")
            for test in scenario.tests { #expect(titles[test] == "EndToEnd", "there is no test \"\(test)\"") }
        }
        #expect(scenarios.map(\.number) == Array(1...20))
    }

    /// What `make scenarios` has printed so far.
    private static let log = ProcessInfo.processInfo.environment["RECONCILE_SCENARIO_LOG"]

    @Test("the table, after \"make scenarios\" has walked every row", .enabled(if: log != nil))
    func table() throws {
        let results = try #require(Results(log: try String(contentsOfFile: Self.log ?? "", encoding: .utf8)))
        print("\n   #  what the user pushes or does                                  verdict")
        for scenario in scenarios {
            let verdict = scenario.verdict(by: results)
            let text = scenario.text.prefix(60)
            print(
                "  \(scenario.number < 10 ? " " : "")\(scenario.number)  \(text)\(String(repeating: " ", count: 62 - text.count))\(verdict)"
            )
            #expect(!verdict.hasPrefix("FAILED") && verdict != "not walked", "row \(scenario.number): \(verdict)")
        }
        print("\non \(results.machine), \(results.groups) control groups\n")
    }
}
