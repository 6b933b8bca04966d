import Foundation
import Logging

/// Log events on standard error, one line each: time, level, event, metadata in alphabetical order.
///
///     18:09:29.120 info     revision accepted pods=3 revision=3f2a9c1…
struct EventLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let words = all.sorted { $0.key < $1.key }.map { "\($0)=\(Self.quotedWhenNeeded("\($1)"))" }
        let level = event.level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        write(
            standardError:
                "\(Self.time(Date())) \(level) \(([event.message.description] + words).joined(separator: " "))\n")
    }

    private static func quotedWhenNeeded(_ text: String) -> String {
        let isPlain = !text.isEmpty && !text.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
        return isPlain
            ? text
            : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
    }

    /// The time of day, UTC, with milliseconds: service managers add the date.
    private static func time(_ date: Date) -> String {
        let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down)) % 86_400_000
        let seconds = milliseconds / 1000
        return String(
            format: "%02d:%02d:%02d.%03d", seconds / 3600, seconds / 60 % 60, seconds % 60, milliseconds % 1000)
    }
}
