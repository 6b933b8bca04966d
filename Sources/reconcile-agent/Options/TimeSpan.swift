import ArgumentParser

/// A duration as written on a command line: `250ms`, `30s`, `5m`, `1h30m`.
struct TimeSpan: Hashable, Sendable, ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let part = /(?<number>[0-9]+)(?<unit>ms|s|m|h)/
        var rest = argument[...]
        var duration = Duration.zero
        while let match = rest.prefixMatch(of: part), let number = Int64(match.output.number), number < 1_000_000_000 {
            switch match.output.unit {
            case "ms": duration += .milliseconds(number)
            case "s": duration += .seconds(number)
            case "m": duration += .seconds(number * 60)
            default: duration += .seconds(number * 3600)
            }
            rest = rest[match.range.upperBound...]
        }
        guard rest.isEmpty, !argument.isEmpty else { return nil }
        self.duration = duration
    }
}
