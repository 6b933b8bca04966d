import GRDB

/// The journal's tables. A released step is never changed; new ones are added.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 revisions, plans, actions") { database in
            try database.execute(
                sql: """
                    CREATE TABLE revision (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, revision TEXT NOT NULL, verdict TEXT NOT NULL,
                        entry TEXT NOT NULL) STRICT;
                    CREATE INDEX revision_at ON revision (at);
                    CREATE TABLE plan (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, revision TEXT NOT NULL,
                        entry TEXT NOT NULL) STRICT;
                    CREATE INDEX plan_at ON plan (at);
                    CREATE TABLE action (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, run INTEGER NOT NULL,
                        namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL,
                        intent TEXT NOT NULL, outcome TEXT, duration INTEGER) STRICT;
                    CREATE INDEX action_at ON action (at);
                    CREATE INDEX action_pod ON action (namespace, name, at);
                    CREATE TABLE run (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
                    """)
        }
        // All that an older release wrote becomes the first segment, which is then the open one.
        migrator.registerMigration("2 segments, events, lost lines") { database in
            try database.execute(
                sql: """
                    CREATE TABLE segment (
                        id INTEGER PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER, previous TEXT,
                        digest TEXT) STRICT;
                    INSERT INTO segment (id, began) SELECT 1, coalesce(min(at), 0) FROM (
                        SELECT at FROM revision UNION ALL SELECT at FROM plan UNION ALL SELECT at FROM action);
                    ALTER TABLE revision ADD COLUMN segment INTEGER NOT NULL DEFAULT 1;
                    ALTER TABLE plan ADD COLUMN segment INTEGER NOT NULL DEFAULT 1;
                    ALTER TABLE action ADD COLUMN segment INTEGER NOT NULL DEFAULT 1;
                    CREATE INDEX revision_segment ON revision (segment);
                    CREATE INDEX plan_segment ON plan (segment);
                    CREATE INDEX action_segment ON action (segment);
                    CREATE TABLE event (
                        id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                        uid TEXT NOT NULL, container TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL,
                        message TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                        UNIQUE (segment, uid, container, type, reason, message)) STRICT;
                    CREATE INDEX event_pod ON event (namespace, name, last);
                    CREATE INDEX event_last ON event (last);
                    CREATE TABLE lost (
                        id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL,
                        reason TEXT NOT NULL) STRICT;
                    CREATE INDEX lost_segment ON lost (segment);
                    """)
        }
        return migrator
    }
}
