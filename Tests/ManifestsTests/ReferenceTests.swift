import Foundation
import Testing

@testable import Manifests

@Suite("docs/manifests.md says what the tables say")
struct ReferenceTests {
    private static let begin = "<!-- The tables below are written by \"make docs\". -->\n\n"
    private static let end = "\n<!-- The tables above are written by \"make docs\". -->"

    @Test("its tables are those that are rendered; \"make docs\" renews them")
    func tables() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/manifests.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let begin = try #require(text.range(of: Self.begin), "docs/manifests.md has no place for the tables")
        let end = try #require(text.range(of: Self.end), "docs/manifests.md has no end of the tables")

        if ProcessInfo.processInfo.environment["RENEW_DOCS"] != nil {
            let renewed = text[..<begin.upperBound] + FieldReference.markdown + text[end.lowerBound...]
            try String(renewed).write(to: file, atomically: true, encoding: .utf8)
        } else {
            let isCurrent = text[begin.upperBound..<end.lowerBound] == FieldReference.markdown
            #expect(isCurrent, "the tables of fields have changed: run \"make docs\" and commit docs/manifests.md")
        }
    }

    @Test("every verdict is in words: the type, the default, and what happens")
    func words() {
        let lines = FieldReference.markdown.split(separator: "\n").map(String.init)

        for line in [
            "### Container (`Pod.spec.containers[]`, `Pod.spec.initContainers[]`)",
            "| `image` | string | required | a change restarts the container |",
            "| `restartPolicy` | Always, OnFailure, Never | `Always` | a change replaces the Pod |",
            "| `imagePullPolicy` | Always, IfNotPresent, Never | from other fields | a change replaces the Pod |",
            "| `cpu` | quantity |  | a change reaches the container as it runs |",
            "| `schedulerName` |  |  | no effect: each node's agent picks its Pods itself (in silence: "
                + "`default-scheduler`) |",
            "| `tty` | boolean |  | a change replaces the Pod |",
            "| `volumeDevices` |  |  | refused: block devices are not given to containers: remove them |",
            "| `kind` | string | required: `Secret` | read |",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }
}
