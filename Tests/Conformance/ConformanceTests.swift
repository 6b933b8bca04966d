import Foundation
import Testing

@Suite("docs/conformance.md says what is held to the kubelet's rules, by which tests, and how they went")
struct ConformanceTests {
    private static let page = TestTitles.root.appending(path: "docs/conformance.md")

    @Test("each rule names tests that exist, or what it comes with")
    func testsExist() throws {
        let titles = try TestTitles.folders()
        for rule in rules {
            #expect(rule.tests.isEmpty == (rule.later != nil), "\(rule.sentence) is held by nothing")
            for test in rule.tests { #expect(titles[test] != nil, "there is no test \"\(test)\"") }
        }
        #expect(Set(rules.map(\.sentence)).count == rules.count)
    }

    @Test("each of the 93 rules is there")
    func numbers() {
        let missing = Set(1...93).subtracting(rules.flatMap(\.numbers))
        #expect(missing.isEmpty, "nothing is said of \(missing.sorted())")
    }

    @Test("the page is the one that is rendered; \"make docs\" renews it")
    func pageIsCurrent() throws {
        let isRenewing = ProcessInfo.processInfo.environment["RENEW_DOCS"] != nil
        if isRenewing { try ResultFiles.keep(of: Set(rules.flatMap(\.tests))) }
        let rendered = ConformancePage(folders: try TestTitles.folders(), results: try ResultFiles.kept()).text
        if isRenewing { try rendered.write(to: Self.page, atomically: true, encoding: .utf8) }
        let isCurrent = try String(contentsOf: Self.page, encoding: .utf8) == rendered
        #expect(isCurrent)
    }

    @Test("what a run printed is read, and what is kept of it says the same")
    func results() throws {
        let log = """
            machine: v2, Linux 6.1 x86_64, 2026-01-02
            ◇ Test "a" started.
            ✔ Test "a" passed after 0.1 seconds.
            ✘ Test "b "quoted"" failed after 2 seconds with 1 issue.
            ✔ Test "c" with 4 test cases passed after 0.1 seconds.
            ➜ Test "d" skipped.
            ◇ Test "f" started.

            """
        let results = try #require(Results(log: log))
        let kept = try #require(Results(kept: results.kept(of: ["a", "b \"quoted\"", "c", "d", "e", "f"])))

        #expect(
            kept.entries.mapValues(\.outcome) == [
                "a": .passed, "b \"quoted\"": .failed, "c": .passed, "d": .skipped, "f": .failed,
            ])
        #expect(kept.groups == "v2" && kept.machine == "Linux 6.1 x86_64, 2026-01-02")
        #expect(kept.verdict(on: ["a", "c"]) == "passed")
        #expect(kept.verdict(on: ["a", "e"]) == "passed (1 of 2 run)")
        #expect(kept.verdict(on: ["a", "b \"quoted\""]) == "**failed**")
        #expect(kept.verdict(on: ["d", "e"]) == "–")
    }

    @Test("a test is as it went last, wherever that was; one that is not rerun, or skipped elsewhere, stays as it went")
    func runsInPortions() throws {
        let kept = try #require(
            Results(
                kept: "machine: v2, old, 2026-01-01\npassed\ta\nfailed\tb\npassed\tgone\n"
                    + "machine: v2, new, 2026-01-01\npassed\tc\n"))
        let printed = try #require(
            Results(
                log: """
                    machine: v2, old, 2026-01-02
                    ✘ Test "b" failed after 2 seconds with 1 issue.
                    ➜ Test "c" skipped: "takes Linux 6.3"
                    machine: v2, old, 2026-01-03
                    ✔ Test "b" passed after 0.1 seconds.

                    """))

        let text = printed.over(kept).kept(of: ["a", "b", "c"])

        #expect(
            text == """
                machine: v2, new, 2026-01-01
                passed\tc
                machine: v2, old, 2026-01-01
                passed\ta
                machine: v2, old, 2026-01-03
                passed\tb

                """)
        let read = try #require(Results(kept: text))
        #expect(read.verdict(on: ["a", "b", "c"]) == "passed")
        #expect(read.machine == "new, 2026-01-01; old, 2026-01-01; old, 2026-01-03")
    }
}
