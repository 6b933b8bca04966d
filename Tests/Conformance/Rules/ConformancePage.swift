/// `docs/conformance.md`: each rule, the tests that hold it, and how they went.
struct ConformancePage {
    /// The suite's folder that each test stands in, by its title.
    let folders: [String: String]
    let results: [Results]

    var text: String {
        var parts: [String] = []
        for rule in rules where !parts.contains(rule.part) { parts.append(rule.part) }
        let places = results.map(\.groups)
        let sections = parts.map { part in
            let rows = rules.filter { $0.part == part }.map { rule in
                let numbers = rule.numbers.map(String.init).joined(separator: ", ")
                let tests = rule.tests.map { "\($0) (`\(folders[$0] ?? "?")`)" }.joined(separator: "<br>")
                let verdicts = results.map { rule.later == nil ? $0.verdict(on: rule.tests) : "" }
                let held = rule.later.map { "*later:* \($0)" } ?? tests
                return "| " + ([numbers, rule.sentence, held] + verdicts).joined(separator: " | ") + " |"
            }
            let heads = (["", "rule", "held by"] + places).joined(separator: " | ")
            return "## \(part)\n\n| \(heads) |\n|\(String(repeating: "---|", count: 3 + places.count))\n"
                + rows.joined(separator: "\n") + "\n"
        }
        let runs =
            results.isEmpty
            ? "(no run is kept yet)" : results.map { "- `\($0.groups)`: \($0.machine)" }.joined(separator: "\n")
        return """
            # Conformance

            What the kubelet of Kubernetes 1.36 does, and the tests that hold this runtime to it. All of them are part of `make
            test`, which fails when one of them does. Those of `Conformance` and `EndToEnd` push manifests to Git and look at the
            result with the real command line, those of `…Integration` run on the real kernel, the others on values.

            How they went when they last ran, by the control groups of the machine:

            \(runs)

            Written by `make docs`, from what `make test` and `make test-vm` printed last.

            \(sections.joined(separator: "\n"))
            """
    }
}
