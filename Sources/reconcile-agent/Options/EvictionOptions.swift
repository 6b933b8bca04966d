import ArgumentParser
import Reconciler

/// When Pods make way because the node runs short.
struct EvictionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Evict Pods below these; none for never. (default: the kubelet's, see docs/operations.md)",
            valueName: "signal<value,...>"))
    var evictionHard: String?

    /// As given, or the kubelet's.
    ///
    /// - Throws: `CommandFailure` (usage) when it is not the kubelet's syntax.
    func resolved() throws -> EvictionThresholds {
        guard let text = try text() else { return .kubelet }
        do { return try EvictionThresholds(parsing: text) } catch {
            throw CommandFailure(
                .usage, "--eviction-hard: \(error)",
                hint: "leave it out for the kubelet's thresholds, or write none to evict nothing")
        }
    }

    /// As it was written; nil for the kubelet's.
    func text() throws -> String? { try setting(evictionHard, "eviction-hard") }
}
