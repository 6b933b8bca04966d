import ArgumentParser

/// How often the tags are looked up that Pods follow.
struct TagOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How often to look up the tags that Pods follow. (default: 5m)", valueName: "time"))
    var followTagInterval: TimeSpan?

    /// As given or by default.
    ///
    /// - Throws: `CommandFailure` (usage) for no time at all.
    func resolved() throws -> Duration {
        let interval = try setting(followTagInterval, "follow-tag-interval", default: TimeSpan(.seconds(300))).duration
        guard interval > .zero else {
            throw CommandFailure(.usage, "--follow-tag-interval must be longer than nothing", hint: "for example 5m")
        }
        return interval
    }
}
