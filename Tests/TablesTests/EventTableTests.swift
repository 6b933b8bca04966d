import PodModel
import Tables
import Testing

@Suite("Events are listed as kubectl events lists them") struct EventTableTests {
    private func series(
        _ reason: String, _ type: PodEvent.EventType = .normal, count: Int = 1, first: Int64, last: Int64? = nil,
        message: String = "Container started"
    ) -> EventSeries {
        EventSeries(
            event: PodEvent(
                pod: PodName(namespace: "blue", name: "web"), uid: PodUID("u"), container: "app", type: type,
                reason: reason, message: message, at: at(last ?? first)), count: count, first: at(first))
    }

    private func table(_ events: [EventSeries], withNamespace: Bool = false, isWide: Bool = false) -> String {
        EventTable(
            events: events, source: "reconcile-agent", now: at(300), withNamespace: withNamespace, isWide: isWide
        ).text()
    }

    @Test("last seen, and how often over which time if more than once")
    func columns() {
        let events = [
            series("Started", first: 175),
            series("BackOff", .warning, count: 4, first: 180, last: 296, message: "Back-off restarting"),
        ]

        #expect(
            table(events) == """
                LAST SEEN         TYPE      REASON    OBJECT    MESSAGE
                2m5s              Normal    Started   Pod/web   Container started
                4s (x4 over 2m)   Warning   BackOff   Pod/web   Back-off restarting

                """)
    }

    @Test("the namespace stands first for all namespaces, and a message of several lines on one")
    func namespaces() {
        #expect(
            table([series("Failed", .warning, first: 299, message: "one\ntwo\n")], withNamespace: true) == """
                NAMESPACE   LAST SEEN   TYPE      REASON   OBJECT    MESSAGE
                blue        1s          Warning   Failed   Pod/web   one two

                """)
    }

    @Test("wide tells the container, who says so, since when and how often")
    func wide() {
        #expect(
            table([series("Started", count: 2, first: 200, last: 290)], isWide: true) == """
                LAST SEEN            TYPE     REASON    OBJECT    SUBOBJECT              SOURCE            MESSAGE             FIRST SEEN   COUNT
                10s (x2 over 100s)   Normal   Started   Pod/web   spec.containers{app}   reconcile-agent   Container started   100s         2

                """)
    }

    @Test("nothing is said so, for the namespace asked for")
    func nothing() {
        #expect(noEventsFound(inNamespace: "blue") == "No events found in blue namespace.")
        #expect(noEventsFound(inNamespace: nil) == "No events found.")
    }
}

private func at(_ seconds: Int64) -> WallTime { WallTime(nanoseconds: seconds * 1_000_000_000) }
