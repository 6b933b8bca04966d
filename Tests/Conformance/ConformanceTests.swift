import Foundation
import Testing

@Suite("docs/conformance.md says what is held to the kubelet's rules, and by which tests")
struct ConformanceTests {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    private static let page = root.appending(path: "docs/conformance.md")

    @Test("each rule names tests, and each of them exists")
    func testsExist() throws {
        let titles = try Self.titles()
        for rule in rules {
            #expect(!rule.tests.isEmpty, "\(rule.sentence) is held by nothing")
            for test in rule.tests { #expect(titles[test] != nil, "there is no test \"\(test)\"") }
        }
        #expect(Set(rules.map(\.sentence)).count == rules.count)
    }

    @Test("the page is the one that is rendered; \"make docs\" renews it")
    func pageIsCurrent() throws {
        let rendered = Self.render(titles: try Self.titles())
        if ProcessInfo.processInfo.environment["RENEW_DOCS"] != nil {
            try rendered.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        let isCurrent = try String(contentsOf: Self.page, encoding: .utf8) == rendered
        #expect(isCurrent)
    }

    private static func render(titles: [String: String]) -> String {
        var parts: [String] = []
        for rule in rules where !parts.contains(rule.part) { parts.append(rule.part) }
        let sections = parts.map { part in
            let rows = rules.filter { $0.part == part }.map { rule in
                let tests = rule.tests.map { "\($0) (`\(titles[$0] ?? "?")`)" }.joined(separator: "<br>")
                return "| \(rule.sentence) | \(tests) |"
            }
            return "## \(part)\n\n| rule | held by |\n|---|---|\n\(rows.joined(separator: "\n"))\n"
        }
        return """
            # Conformance

            What the kubelet of Kubernetes 1.36 does, and the tests that hold this runtime to it. All of them are part of `make
            test`, which fails when one of them does; those of `EndToEnd` and of `…Integration` run on the real kernel, the others on
            values. Written by `make docs`.

            \(sections.joined(separator: "\n"))
            """
    }

    /// The titles of all tests, and the suite's folder each stands in.
    static func titles() throws -> [String: String] {
        let tests = root.appending(path: "Tests")
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        var titles: [String: String] = [:]
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let folder = file.path.dropFirst(tests.path.count + 1).prefix { $0 != "/" }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/) {
                titles[String(match.1).replacing("\\\"", with: "\"")] = String(folder)
            }
        }
        return titles
    }
}
