/// Lines whose tab-separated cells stand below each other, as Go's `text/tabwriter` lays them out for `kubectl describe`.
///
/// A cell is text with a tab behind it; what follows the last tab of a line takes no part. Cells of neighbouring lines
/// that stand at the same place form a column: as wide as its widest cell and two spaces. A line without a cell at that
/// place ends the column.
struct ElasticTabs: Hashable, Sendable {
    private var lines: [[Substring]] = []

    /// Adds lines, each at the same depth of two spaces per level.
    mutating func add(_ level: Int, _ text: String) {
        let indent = String(repeating: "  ", count: level)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append((indent + line).split(separator: "\t", omittingEmptySubsequences: false))
        }
    }

    /// The lines, each ending in a line feed.
    var text: String {
        var widths = lines.map { [Int](repeating: 0, count: max(0, $0.count - 1)) }
        var column = 0
        while lines.contains(where: { $0.count - 1 > column }) {
            alignBlocks(of: column, &widths)
            column += 1
        }
        return zip(lines, widths).map { line, widths in
            let cells = zip(line, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.unicodeScalars.count))
            }
            return cells.joined() + (line.last ?? "") + "\n"
        }.joined()
    }

    /// Gives the cells of each run of lines that have a cell in `column` one width.
    private func alignBlocks(of column: Int, _ widths: inout [[Int]]) {
        var start = 0
        while start < lines.count {
            let block = lines[start...].prefix { $0.count - 1 > column }
            let width = block.map { $0[column].unicodeScalars.count + Self.padding }.max() ?? 0
            for line in block.indices { widths[line][column] = width }
            start = block.isEmpty ? start + 1 : block.endIndex
        }
    }

    private static let padding = 2
}
