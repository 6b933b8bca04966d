import Manifests
import PodModel
import Reconciler
import Tables

/// Pods as `get` prints them, at once or one change after another.
struct PodPrinter {
    let format: OutputFormat
    let withNamespace: Bool
    let withLabels: Bool
    let withHeaders: Bool
    /// Whether each line begins with what happened (`--output-watch-events`).
    let withEvents: Bool
    private var widths = ColumnWidths()
    private var hasPrinted = false

    init(format: OutputFormat, withNamespace: Bool, withLabels: Bool, withHeaders: Bool, withEvents: Bool = false) {
        self.format = format
        self.withNamespace = withNamespace
        self.withLabels = withLabels
        self.withHeaders = withHeaders
        self.withEvents = withEvents
    }

    /// All Pods at once.
    ///
    /// - Parameter isSingle: whether one was asked for by name: an object then, a list else (kubectl).
    func text(_ statuses: [PodStatus], isSingle: Bool, now: WallTime) -> String {
        switch format {
        case .text, .wide:
            let table = table(statuses, now: now)
            return TextTable(headers: table.headers, rows: table.cells).text(withHeaders: withHeaders)
        case .json: return object(statuses, isSingle: isSingle).pretty + "\n"
        case .yaml: return object(statuses, isSingle: isSingle).yaml
        case .name: return statuses.map(name).joined()
        }
    }

    /// What happened next. Columns stay as wide as they were; the header is printed before the first line.
    mutating func text(_ event: PodWatch.Event, _ statuses: [PodStatus], now: WallTime) -> String {
        if statuses.isEmpty { return "" }
        defer { hasPrinted = true }
        switch format {
        case .text, .wide:
            let table = table(statuses, now: now)
            let head = hasPrinted || !withHeaders ? [] : [(withEvents ? ["EVENT"] : []) + table.headers]
            return widths.lines(head + table.cells.map { (withEvents ? [event.rawValue] : []) + $0 })
        case .json:
            return statuses.map { status in
                let object = PodObject.json(status)
                return (withEvents ? ["type": .string(event.rawValue), "object": object] : object).pretty + "\n"
            }.joined()
        case .yaml:
            let objects = statuses.map { PodObject.json($0).yaml }.joined(separator: "---\n")
            return (hasPrinted ? "---\n" : "") + objects
        case .name: return statuses.map(name).joined()
        }
    }

    /// What of a Pod is printed, without what merely grows older.
    func look(at status: PodStatus) -> String {
        switch format {
        case .text, .wide:
            let row = PodRow(status, now: status.accepted.createdAt)
            return "\(PodTable(rows: [row.withoutTimes], isWide: format == .wide, withLabels: withLabels).cells)"
        case .json, .yaml: return PodObject.json(status).canonical
        case .name: return "\(status.hashValue)"
        }
    }

    private func table(_ statuses: [PodStatus], now: WallTime) -> PodTable {
        PodTable(
            rows: statuses.map { PodRow($0, now: now) }, withNamespace: withNamespace, isWide: format == .wide,
            withLabels: withLabels)
    }

    private func object(_ statuses: [PodStatus], isSingle: Bool) -> JSONValue {
        let objects = statuses.map(PodObject.json)
        if isSingle, let only = objects.first, objects.count == 1 { return only }
        return [
            "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .array(objects),
        ]
    }

    private func name(_ status: PodStatus) -> String { "pod/\(status.accepted.name.name)\n" }
}

extension PodRow {
    /// The words of a status, its times turned into ages.
    init(_ status: PodStatus, now: WallTime) {
        self.init(
            namespace: status.accepted.name.namespace, name: status.accepted.name.name, ready: status.readyCount,
            containers: status.lasting.count, status: status.statusWord, restarts: status.restarts,
            lastRestart: status.lastRestart.map { now - $0 }, age: now - status.accepted.createdAt,
            address: status.address, node: status.isScheduled ? status.nodeName : nil,
            labels: status.accepted.pod.metadata.labels)
    }

    fileprivate var withoutTimes: PodRow {
        PodRow(
            namespace: namespace, name: name, ready: ready, containers: containers, status: status, restarts: restarts,
            age: nil, address: address, node: node, labels: labels)
    }
}
