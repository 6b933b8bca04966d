import ArgumentParser
import Glibc
import Linux
import Manifests

/// Settings from a YAML file, under the names of the options: `state-dir: /srv/agent`.
struct ConfigFile: Hashable, Sendable {
    /// Where it is looked for when nobody says otherwise.
    static let standardPath = "/etc/reconcile-agent/config.yaml"

    /// What it may set: every option that says something about the node rather than about one call.
    static let names = [
        "repo", "ref", "path", "interval", "timeout", "node-name", "node-label", "node-taint", "allow-host-path",
        "policy", "pod-cidr", "bridge", "cgroup-parent", "state-dir", "run-dir", "log-dir", "namespace", "image-dir",
        "image-gc-high-threshold", "image-gc-low-threshold", "eviction-hard", "registries", "registry-auth",
        "git-username", "git-password-file", "git-token-file", "git-ca-file", "ssh-key-file", "ssh-known-hosts-file",
        "system-reserved", "kube-reserved", "max-pods", "pod-max-pids", "trust", "follow-tag-interval", "masquerade",
        "ip-forward",
    ]

    /// The file of the command that runs. Bound once, around the command, by `main`.
    @TaskLocal static var current: ConfigFile?

    let path: String
    private let values: [String: SettingsText.Entry]

    /// Reads the file that the command line or `RECONCILE_AGENT_CONFIG` names, else the one in its standard place.
    ///
    /// - Returns: nil when none is named and there is none, or none this user may read: what needs it needs root, and
    ///   says so.
    /// - Throws: `CommandFailure` (usage) with everything wrong with it.
    static func load(_ named: String?) throws -> ConfigFile? {
        let path = named ?? getenv("RECONCILE_AGENT_CONFIG").map { String(cString: $0) }
        do {
            return try ConfigFile(path: path ?? standardPath)
        } catch let error as SystemError {
            if path == nil, [ENOENT, ENOTDIR, EACCES].contains(error.code) { return nil }
            throw CommandFailure(
                .usage, "the configuration \(path ?? standardPath) cannot be read: \(error.reason)",
                hint: "name another with --config")
        }
    }

    private init(path: String) throws {
        let file = ManifestFile(path: path, contents: try Descriptor.open(path).readToEnd(limit: 1 << 20))
        let settings = SettingsText(file, names: Self.names)
        guard settings.diagnostics.isEmpty else {
            let all = settings.diagnostics.map { "\($0)" }.joined(separator: "\nerror: ")
            throw CommandFailure(.usage, all)
        }
        self.path = path
        values = Dictionary(settings.entries.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// A setting's value; nil when the file does not have it.
    ///
    /// - Throws: `CommandFailure` (usage) when it is none that the option would take.
    func value<Value: ExpressibleByArgument>(of name: String) throws -> Value? {
        guard let entry = values[name] else { return nil }
        guard let value = Value(argument: entry.text) else {
            throw CommandFailure(
                .usage, "\(entry.position): \(name) is '\(entry.text)', which --\(name) does not take",
                hint: "reconcile-agent reconcile --help says what it takes")
        }
        return value
    }
}

extension ParsableCommand {
    /// The node's options, of a command that has them: only such a command has settings. Found by looking, so that no
    /// verb can forget it.
    var nodeOptions: NodeOptions? {
        Mirror(reflecting: self).children.lazy.compactMap { $0.value as? OptionGroup<NodeOptions> }.first?.wrappedValue
    }
}
