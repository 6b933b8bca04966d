import PodModel

/// `kubectl events`: LAST SEEN, TYPE, REASON, OBJECT, MESSAGE; and more on request.
public struct EventTable: Hashable, Sendable {
    /// The events, in the order they are printed: kubectl's is oldest first.
    public let events: [EventSeries]
    /// Who tells of them.
    public let source: String
    /// The time that ages are counted to.
    public let now: WallTime
    /// Whether the namespace stands first (`-A`).
    public let withNamespace: Bool
    /// Whether SUBOBJECT, SOURCE, FIRST SEEN and COUNT are shown too, as `kubectl get events -o wide` does.
    public let isWide: Bool

    /// A table of `events`.
    public init(
        events: [EventSeries], source: String, now: WallTime, withNamespace: Bool = false, isWide: Bool = false
    ) {
        self.events = events
        self.source = source
        self.now = now
        self.withNamespace = withNamespace
        self.isWide = isWide
    }

    /// The lines as kubectl prints them; without the headers when `withHeaders` is false.
    public func text(withHeaders: Bool = true) -> String {
        let columns = columns
        return TextTable(headers: columns.map(\.header), rows: events.map { event in columns.map { $0.cell(event) } })
            .text(withHeaders: withHeaders)
    }

    private typealias Column = (header: String, cell: (EventSeries) -> String)

    private var columns: [Column] {
        let (now, source) = (now, source)
        var columns: [Column] = [
            ("LAST SEEN", { $0.interval(until: now) }),
            ("TYPE", \.event.type.rawValue),
            ("REASON", \.event.reason),
            ("OBJECT", { "Pod/\($0.event.pod.name)" }),
        ]
        if isWide {
            columns += [("SUBOBJECT", { $0.fieldPath ?? "" }), ("SOURCE", { _ in source })]
        }
        columns.append(("MESSAGE", \.line))
        if isWide {
            columns += [("FIRST SEEN", { Age(now - $0.first).description }), ("COUNT", { "\($0.count)" })]
        }
        if withNamespace { columns.insert(("NAMESPACE", \.event.pod.namespace), at: 0) }
        return columns
    }
}

/// What kubectl says on standard error instead of an empty table of events.
///
/// - Parameter namespace: the namespace asked for; nil for all of them.
public func noEventsFound(inNamespace namespace: String?) -> String {
    namespace.map { "No events found in \($0) namespace." } ?? "No events found."
}

extension EventSeries {
    /// Since when, or how often over which time: `12s`, `4s (x4 over 2m5s)` (kubectl `getInterval`).
    func interval(until now: WallTime) -> String {
        let first = Age(now - first)
        return count > 1 ? "\(Age(now - last)) (x\(count) over \(first))" : first.description
    }

    /// The part of the Pod it is about, as Kubernetes names it; nil of a whole Pod.
    var fieldPath: String? { event.fieldPath }

    /// The message as one line: what a container's runtime says may have several.
    var line: String {
        event.message.split(separator: "\n").joined(separator: " ")
    }
}
