import GRDB
import PodModel

extension JournalReader {
    /// Events, oldest first by when they were told last, as kubectl lists them.
    ///
    /// An event that was told in several segments is one series.
    ///
    /// - Throws: `JournalError.cannotRead`.
    public func events(_ filter: EventFilter = EventFilter()) async throws -> [EventSeries] {
        try await reading { database in
            // A file that an older release wrote holds none.
            guard try database.tableExists("event") else { return [] }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT namespace, name, uid, container, type, reason, message, sum(count) AS count,
                        min(first) AS first, max(last) AS last
                    FROM event
                    WHERE (:namespace IS NULL OR namespace = :namespace) AND (:name IS NULL OR name = :name)
                        AND (:uid IS NULL OR uid = :uid)
                    GROUP BY uid, container, type, reason, message
                    ORDER BY max(last) DESC, max(id) DESC
                    """,
                arguments: ["namespace": filter.namespace, "name": filter.name, "uid": filter.uid?.text])
            let series = rows.lazy.compactMap(EventSeries.init).filter { filter.types.contains($0.event.type) }
            return Array(series.prefix(filter.limit)).reversed()
        }
    }
}

extension EventSeries {
    /// A row; nil of a type that this version does not know.
    fileprivate init?(_ row: Row) {
        guard let type = PodEvent.EventType(rawValue: row["type"]) else { return nil }
        let (container, isOfInit) = PodEvent.container(inColumn: row["container"])
        self.init(
            event: PodEvent(
                pod: PodName(namespace: row["namespace"], name: row["name"]), uid: PodUID(row["uid"]),
                container: container, isOfInit: isOfInit, type: type, reason: row["reason"],
                message: row["message"], at: WallTime(nanoseconds: row["last"])),
            count: row["count"], first: WallTime(nanoseconds: row["first"]))
    }
}
