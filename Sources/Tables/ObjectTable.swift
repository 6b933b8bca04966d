/// One ConfigMap or Secret in a table.
public struct ObjectRow: Hashable, Sendable {
    let namespace: String
    let name: String
    let type: String
    let dataCount: Int
    let age: Duration
    let labels: [String: String]

    /// - Parameter type: a Secret's type; empty for a ConfigMap.
    public init(
        namespace: String, name: String, type: String, dataCount: Int, age: Duration, labels: [String: String]
    ) {
        self.namespace = namespace
        self.name = name
        self.type = type
        self.dataCount = dataCount
        self.age = age
        self.labels = labels
    }
}

/// ConfigMaps or Secrets, with kubectl's columns.
public struct ObjectTable: Hashable, Sendable {
    private let rows: [ObjectRow]
    private let withTypes: Bool
    private let withNamespace: Bool
    private let withLabels: Bool

    /// - Parameter withTypes: whether they are Secrets.
    public init(rows: [ObjectRow], withTypes: Bool, withNamespace: Bool = false, withLabels: Bool = false) {
        self.rows = rows
        self.withTypes = withTypes
        self.withNamespace = withNamespace
        self.withLabels = withLabels
    }

    /// The lines.
    public func text(withHeaders: Bool = true) -> String {
        TextTable(headers: headers, rows: rows.map(cells)).text(withHeaders: withHeaders)
    }

    private var headers: [String] {
        (withNamespace ? ["NAMESPACE"] : []) + ["NAME"] + (withTypes ? ["TYPE"] : []) + ["DATA", "AGE"]
            + (withLabels ? ["LABELS"] : [])
    }

    private func cells(_ row: ObjectRow) -> [String] {
        (withNamespace ? [row.namespace] : []) + [row.name] + (withTypes ? [row.type] : [])
            + ["\(row.dataCount)", Age(row.age).description] + (withLabels ? [row.labels.labelText] : [])
    }
}
