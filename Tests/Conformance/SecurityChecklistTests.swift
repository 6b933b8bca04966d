import Foundation
import Testing

@Suite("docs/security.md says what keeps a container in, and which tests hold it")
struct SecurityChecklistTests {
    private static let page = TestTitles.root.appending(path: "docs/security.md")
    private static let heading = "## The checklist, and what holds it\n"

    @Test("each of the thirty-five items names tests, and each of them exists")
    func testsExist() throws {
        let titles = try TestTitles.folders()
        #expect(securityChecklist.map(\.number) == Array(1...35))
        for item in securityChecklist {
            #expect(!item.tests.isEmpty, "\(item.sentence) is held by nothing")
            for test in item.tests { #expect(titles[test] != nil, "there is no test \"\(test)\"") }
        }
    }

    @Test("the page's last part is the one that is rendered; \"make docs\" renews it")
    func pageIsCurrent() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: Self.heading), "docs/security.md has no place for the checklist")
        let rendered = Self.render(titles: try TestTitles.folders())
        if ProcessInfo.processInfo.environment["RENEW_DOCS"] != nil {
            try (text[..<start.upperBound] + rendered).write(to: Self.page, atomically: true, encoding: .utf8)
            return
        }
        let isCurrent = text[start.upperBound...] == rendered
        #expect(isCurrent, "the checklist has changed: run \"make docs\" and commit docs/security.md")
    }

    private static func render(titles: [String: String]) -> String {
        let rows = securityChecklist.map { item in
            let tests = item.tests.map { "\($0) (`\(titles[$0] ?? "?")`)" }.joined(separator: "<br>")
            return "| S\(item.number) | \(item.sentence) | \(tests) |"
        }
        return """

            All of these are part of `make test`; those of `SupervisorIntegration` and `NodeRuntimeIntegration` ask a program inside a
            container. Written by `make docs`.

            | | what | held by |
            |---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}
