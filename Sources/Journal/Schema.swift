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
        return migrator
    }
}
