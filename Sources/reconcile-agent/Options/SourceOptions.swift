import ArgumentParser
import GitSource

/// What is followed: `--repo`, `--ref`, `--path` and how often.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The Git repository; a URL, or an absolute path.", valueName: "url"))
    var repo: String?

    @Option(help: ArgumentHelp("The branch or tag to follow. (default: main)", valueName: "ref"))
    var ref: String?

    @Option(help: ArgumentHelp("The directory of manifests in it. (default: .)", valueName: "dir"))
    var path: String?

    @Option(help: ArgumentHelp("How often to look for a new commit. (default: 30s)", valueName: "time"))
    var interval: TimeSpan?

    @Option(
        help: ArgumentHelp("For a fetch, and for --once in all. (default: 1m)", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup(title: "Git server options") var access: GitAccessOptions

    /// All of it, defaults filled in.
    func resolved() throws -> FollowedSource {
        guard let repository = try setting(repo, "repo") else {
            throw CommandFailure(
                .usage, "no repository to follow",
                hint: "name one with --repo URL, or with repo: in the configuration file")
        }
        do { try GitRemote.refuseSecret(in: repository) } catch { throw CommandFailure(.usage, "\(error)") }
        if let host = GitRemote.unprotectedHost(of: repository) {
            write(
                standardError: """
                    notice: nothing protects the way to \(host): whoever is on it can answer with Pods of their own, which \
                    this node would run; prefer https:// or ssh://

                    """)
        }
        let interval = try setting(interval, "interval", default: TimeSpan(.seconds(30))).duration
        let timeout = try setting(timeout, "timeout", default: TimeSpan(.seconds(60))).duration
        guard interval > .zero, timeout > .zero else {
            throw CommandFailure(
                .usage, "--interval and --timeout must be longer than nothing", hint: "for example 30s")
        }
        return FollowedSource(
            repository: repository, ref: try setting(ref, "ref", default: "main"),
            path: try setting(path, "path", default: "."), interval: interval, timeout: timeout,
            access: try access.resolved())
    }
}

/// A Git repository at one ref, and how to ask it.
struct FollowedSource: Hashable, Sendable {
    let repository: String
    let ref: String
    let path: String
    let interval: Duration
    let timeout: Duration
    let access: GitAccess
}
