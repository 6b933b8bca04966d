import Testing

@Suite("Documentation is true")
struct DocumentationTests {
    private static let tops = ["Sources/", "Tests/", "docs/", "scripts/", "example-repo/", "Benchmarks/", ".ci/"]

    static var pages: [String] {
        ["README.md", "CHANGELOG.md", "example-repo/README.md"].filter(SourceTree.exists)
            + SourceTree.files(below: "docs", ending: ".md")
    }

    @Test("each path of this repository that a page names exists", arguments: pages)
    func namedPathsExist(page: String) throws {
        for (number, line) in try SourceTree.text(of: page).split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            for path in namedPaths(in: line) where !SourceTree.exists(path) {
                Issue.record("\(page):\(number + 1): there is no \(path)")
            }
        }
    }

    @Test("each relative link of a page leads somewhere", arguments: pages)
    func linksLeadSomewhere(page: String) throws {
        let folder = page.split(separator: "/").dropLast().map { "\($0)/" }.joined()
        for link in try SourceTree.text(of: page).matches(of: /\]\((?<target>[^)#\s]+)(#[^)]*)?\)/) {
            let target = String(link.output.target)
            if target.contains("://") || target.hasPrefix("mailto:") { continue }
            #expect(SourceTree.exists(folder + target), "\(page) links to \(target), which does not exist")
        }
    }

    /// Paths in backticks that start with a folder of this repository; `<placeholders>` and patterns are not paths.
    private func namedPaths(in line: Substring) -> [String] {
        line.matches(of: /`(?<code>[^`]+)`/).map { String($0.output.code) }.filter { code in
            Self.tops.contains { code.hasPrefix($0) } && !code.contains { "<>*{} ".contains($0) }
        }
    }
}
