import Manifests
import PodModel
import Reconciler
import Tables

/// Events as `events` prints them.
struct EventPresentation {
    let format: OutputFormat
    let withNamespace: Bool
    var withHeaders: Bool
    /// The node they were told on; nil when that is not known.
    let nodeName: String?

    func text(of events: [EventSeries], now: WallTime) -> String {
        switch format {
        case .text, .wide:
            EventTable(
                events: events, source: EventObject.source, now: now, withNamespace: withNamespace,
                isWide: format == .wide
            ).text(withHeaders: withHeaders)
        case .json: list(events).pretty + "\n"
        case .yaml: list(events).yaml
        case .name:
            events.map { series in
                let name = EventObject.json(series, node: nodeName)["metadata"]?["name"]?.string ?? ""
                return "event/\(name)\n"
            }.joined()
        }
    }

    private func list(_ events: [EventSeries]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""],
            "items": .array(events.map { EventObject.json($0, node: nodeName) }),
        ]
    }
}
