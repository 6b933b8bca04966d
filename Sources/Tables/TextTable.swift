/// Columns of text, laid out as kubectl lays them out.
///
/// Each column is as wide as its widest cell and three spaces, six at least; the last one is not padded
/// (`k8s.io/cli-runtime/pkg/printers`: minimum width 6, padding 3).
public struct TextTable: Hashable, Sendable {
    /// The words above the columns.
    public let headers: [String]
    /// One array of cells per line, as many as there are headers.
    public let rows: [[String]]

    /// A table of `rows` under `headers`.
    public init(headers: [String], rows: [[String]]) {
        self.headers = headers
        self.rows = rows
    }

    /// The lines, each ending in a line feed; without the headers when `withHeaders` is false.
    public func text(withHeaders: Bool = true) -> String {
        let lines = withHeaders ? [headers] + rows : rows
        let widths = headers.indices.map { column in
            max(Self.minimumWidth, (lines.map { cellWidth($0, column) }.max() ?? 0) + Self.padding)
        }
        return lines.map { line in
            zip(line, widths).enumerated().map { column, cell in
                column == line.count - 1 ? cell.0 : padded(cell.0, to: cell.1)
            }.joined() + "\n"
        }.joined()
    }

    private static let minimumWidth = 6
    private static let padding = 3

    private func cellWidth(_ line: [String], _ column: Int) -> Int {
        column < line.count ? line[column].unicodeScalars.count : 0
    }

    private func padded(_ cell: String, to width: Int) -> String {
        cell + String(repeating: " ", count: max(0, width - cell.unicodeScalars.count))
    }
}
