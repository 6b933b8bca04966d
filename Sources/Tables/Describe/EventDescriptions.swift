import PodModel

/// The events at the end of a description; at least one.
struct EventDescriptions {
    let events: [EventSeries]
    let source: String
    let now: WallTime

    var text: String {
        var page = ElasticTabs()
        page.add(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage")
        page.add(1, "----\t------\t----\t----\t-------")
        for series in events {
            let event = series.event
            let message = [series.fieldPath, series.line].compactMap { $0 }.joined(separator: ": ")
            page.add(
                1, "\(event.type.rawValue)\t\(event.reason)\t\(series.interval(until: now))\t\(source)\t\(message)")
        }
        return page.text
    }
}
