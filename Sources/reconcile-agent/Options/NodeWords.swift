import Manifests
import PodModel

/// The values of an option that may be given several times: from the command line, else from its variable, where commas
/// stand between them; nil when neither has any. One that is empty says that there are none.
func settings(_ options: [String], _ name: String) throws -> [String]? {
    if !options.isEmpty { return options.filter { !$0.isEmpty } }
    return try setting(nil as String?, name)?.split(separator: ",").map(String.init)
}

/// What `--node-label key=value` says.
///
/// - Throws: `CommandFailure` (usage).
func labels(from texts: [String]) throws -> [String: String] {
    try texts.reduce(into: [:]) { labels, text in
        guard let label = NodeWord(text), let value = label.value else {
            throw CommandFailure(
                .usage, "--node-label '\(text)' is no label", hint: "write key=value, for example disk=ssd")
        }
        labels[label.key] = value
    }
}

/// What `--node-taint key=value:effect` says.
///
/// - Throws: `CommandFailure` (usage).
func taints(from texts: [String]) throws -> [Taint] {
    try texts.map { text in
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let word = NodeWord(String(parts[0])),
            let effect = TaintEffect(rawValue: String(parts[1]))
        else {
            let effects = TaintEffect.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                .usage, "--node-taint '\(text)' is no taint",
                hint: "write key=value:effect, for example gpu=true:NoSchedule; the effects are \(effects)")
        }
        return Taint(key: word.key, value: word.value ?? "", effect: effect)
    }
}

/// A key, and a value if there is one, as Kubernetes writes labels.
private struct NodeWord {
    let key: String
    let value: String?

    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = /([A-Za-z0-9][-A-Za-z0-9.]*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?/
        let word = /([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?/
        guard (try? name.wholeMatch(in: parts[0])) != nil else { return nil }
        key = String(parts[0])
        value = parts.count == 2 ? String(parts[1]) : nil
        if let value, (try? word.wholeMatch(in: value)) == nil { return nil }
    }
}
