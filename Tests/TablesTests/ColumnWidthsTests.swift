import Tables
import Testing

@Suite("Rows that come in one after another keep their columns")
struct ColumnWidthsTests {
    @Test("a column is as wide as it ever had to be")
    func widths() {
        var columns = ColumnWidths()

        #expect(
            columns.lines([["NAME", "STATUS", "AGE"], ["web", "Pending", "0s"]]) == """
                NAME   STATUS    AGE
                web    Pending   0s

                """)
        #expect(columns.lines([["web", "ContainerCreating", "0s"]]) == "web    ContainerCreating   0s\n")
        #expect(columns.lines([["web", "Running", "1s"]]) == "web    Running             1s\n")
    }
}
