/// `kubectl get pods`: NAME, READY, STATUS, RESTARTS, AGE; and more on request.
public struct PodTable: Hashable, Sendable {
    /// The Pods, in the order they are printed.
    public let rows: [PodRow]
    /// Whether the namespace stands first (`-A`).
    public let withNamespace: Bool
    /// Whether IP, NODE, NOMINATED NODE and READINESS GATES follow (`-o wide`).
    public let isWide: Bool
    /// Whether the labels stand last (`--show-labels`).
    public let withLabels: Bool

    /// A table of `rows`.
    public init(rows: [PodRow], withNamespace: Bool = false, isWide: Bool = false, withLabels: Bool = false) {
        self.rows = rows
        self.withNamespace = withNamespace
        self.isWide = isWide
        self.withLabels = withLabels
    }

    /// The lines as kubectl prints them.
    public var text: String { TextTable(headers: headers, rows: cells).text() }

    /// The words above the columns.
    public var headers: [String] { columns.map(\.header) }

    /// The words of each row.
    public var cells: [[String]] { rows.map { row in columns.map { $0.cell(row) } } }

    private typealias Column = (header: String, cell: (PodRow) -> String)

    private var columns: [Column] {
        var columns: [Column] = [
            ("NAME", \.name),
            ("READY", { "\($0.ready)/\($0.containers)" }),
            ("STATUS", \.status),
            ("RESTARTS", \.restartText),
            ("AGE", { $0.age.map { Age($0).description } ?? "<unknown>" }),
        ]
        if withNamespace { columns.insert(("NAMESPACE", \.namespace), at: 0) }
        if isWide {
            columns += [
                ("IP", { $0.address ?? "<none>" }),
                ("NODE", { $0.node ?? "<none>" }),
                // Nothing here nominates a node or gates readiness.
                ("NOMINATED NODE", { _ in "<none>" }),
                ("READINESS GATES", { _ in "<none>" }),
            ]
        }
        if withLabels { columns.append(("LABELS", \.labelText)) }
        return columns
    }
}

/// What kubectl says on standard error instead of an empty table.
///
/// - Parameter namespace: the namespace asked for; nil for all of them.
public func noResourcesFound(inNamespace namespace: String?) -> String {
    namespace.map { "No resources found in \($0) namespace." } ?? "No resources found"
}
