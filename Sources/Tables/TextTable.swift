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
        var columns = ColumnWidths()
        return columns.lines(withHeaders ? [headers] + rows : rows)
    }
}

/// The widths of columns whose rows come in one after another: each is as wide as it ever had to be, as when kubectl
/// watches.
public struct ColumnWidths: Hashable, Sendable {
    private var widths: [Int] = []

    /// No row was seen yet.
    public init() {}

    /// The lines of the next rows, each ending in a line feed.
    public mutating func lines(_ rows: [[String]]) -> String {
        for row in rows { widen(for: row) }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : padded(cell, to: widths[column])
            }.joined() + "\n"
        }.joined()
    }

    private static let minimumWidth = 6
    private static let padding = 3

    private mutating func widen(for row: [String]) {
        for (column, cell) in row.enumerated() {
            if column == widths.count { widths.append(Self.minimumWidth) }
            widths[column] = max(widths[column], cell.unicodeScalars.count + Self.padding)
        }
    }

    private func padded(_ cell: String, to width: Int) -> String {
        cell + String(repeating: " ", count: max(0, width - cell.unicodeScalars.count))
    }
}
