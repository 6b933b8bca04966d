import Tables
import Testing

@Suite("history tells who changed what, and what was done")
struct HistoryTableTests {
    @Test("a revision stands on one line, its actions below it")
    func revisionAndActions() {
        let table = HistoryTable(rows: [
            HistoryRow(
                revision: "3f2a9c1d00000000000000000000000000000000", age: .seconds(42), author: "Ada",
                subject: "Serve a new page", result: "applied", actions: ["replace blue/nginx-pod"]),
            HistoryRow(
                revision: "91b04ee700000000000000000000000000000000", age: .seconds(600), author: "Grace",
                subject: "Describe in far too many words what a short line would have said", result: "refused",
                actions: ["web/pod.yaml:8:5: unknown field\n  hint: did you mean \"containers\"?"]),
        ])

        #expect(
            table.text == """
                REVISION   WHEN      AUTHOR   SUBJECT                                RESULT
                3f2a9c1    42s ago   Ada      Serve a new page                       applied
                  replace blue/nginx-pod
                91b04ee    10m ago   Grace    Describe in far too many words what…   refused
                  web/pod.yaml:8:5: unknown field
                    hint: did you mean "containers"?

                """)
    }
}
