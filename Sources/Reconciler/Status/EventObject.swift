import Manifests
import PodModel

/// The Kubernetes object of an event (core/v1 Event), as `events -o json` shows it.
public enum EventObject {
    /// Who tells of events; where Kubernetes names the kubelet or the scheduler, this node has one agent.
    public static let source = "reconcile-agent"

    /// Builds the object.
    ///
    /// - Parameter node: the node it was told on; nil when that is not known.
    public static func json(_ series: EventSeries, node: String?) -> JSONValue {
        let event = series.event
        var involved: [String: JSONValue] = [
            "apiVersion": "v1", "kind": "Pod", "namespace": .string(event.pod.namespace),
            "name": .string(event.pod.name), "uid": .string(event.uid.text),
        ]
        if let path = event.fieldPath { involved["fieldPath"] = .string(path) }
        var origin: [String: JSONValue] = ["component": .string(source)]
        if let node { origin["host"] = .string(node) }
        return [
            "apiVersion": "v1", "kind": "Event", "metadata": metadata(series), "involvedObject": .object(involved),
            "type": .string(event.type.rawValue), "reason": .string(event.reason), "message": .string(event.message),
            "count": .int(Int64(series.count)), "firstTimestamp": .string(series.first.rfc3339),
            "lastTimestamp": .string(series.last.rfc3339), "eventTime": .null, "source": .object(origin),
            "reportingComponent": .string(source), "reportingInstance": .string(node ?? ""),
        ]
    }

    /// Named after its Pod and the time it was first told, as client-go does.
    private static func metadata(_ series: EventSeries) -> JSONValue {
        let first = String(series.first.nanoseconds, radix: 16)
        return [
            "name": .string("\(series.event.pod.name).\(first)"), "namespace": .string(series.event.pod.namespace),
            "creationTimestamp": .string(series.first.rfc3339),
        ]
    }
}
