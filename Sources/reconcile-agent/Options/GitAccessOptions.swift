import ArgumentParser
import GitSource
import Glibc

/// How a repository on a server is reached. No secret is an option: process lists show those.
struct GitAccessOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The user for https or ssh, where the URL names none.", valueName: "name"))
    var gitUsername: String?

    @Option(help: ArgumentHelp("A file with the password for https in its first line.", valueName: "file"))
    var gitPasswordFile: String?

    @Option(help: ArgumentHelp("A file with a token, which servers take as a password.", valueName: "file"))
    var gitTokenFile: String?

    @Option(
        help: ArgumentHelp("Certificates of authorities to trust for https, in PEM form.", valueName: "file"))
    var gitCaFile: String?

    @Option(help: ArgumentHelp("The private key for ssh, without a passphrase.", valueName: "file"))
    var sshKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "The host keys to trust over ssh. (default: /etc/ssh/ssh_known_hosts)", valueName: "file"))
    var sshKnownHostsFile: String?

    /// All of it, from the command line and the environment.
    ///
    /// - Throws: `CommandFailure` (usage) for two secrets.
    func resolved() throws -> GitAccess {
        var access = GitAccess(
            username: try setting(gitUsername, "git-username"), secret: try secret(),
            authoritiesFile: try setting(gitCaFile, "git-ca-file").map(absolutePath),
            sshKeyFile: try setting(sshKeyFile, "ssh-key-file").map(absolutePath))
        if let file = try setting(sshKnownHostsFile, "ssh-known-hosts-file") {
            access.knownHostsFile = try absolutePath(file)
        }
        return access
    }

    private func secret() throws -> GitAccess.Secret? {
        let given: [GitAccess.Secret?] = [
            try setting(gitTokenFile, "git-token-file").map { .tokenFile(try absolutePath($0)) },
            try setting(gitPasswordFile, "git-password-file").map { .passwordFile(try absolutePath($0)) },
            Self.taken("RECONCILE_AGENT_GIT_TOKEN").map { .token($0) },
            Self.taken("RECONCILE_AGENT_GIT_PASSWORD").map { .password($0) },
        ]
        let secrets = given.compactMap(\.self)
        guard secrets.count <= 1 else {
            throw CommandFailure(
                .usage, "two secrets for one repository: \(secrets[0]), and \(secrets[1])", hint: "give one of them")
        }
        return secrets.first
    }

    /// A variable's value, which no child of this process is to inherit.
    private static func taken(_ variable: String) -> String? {
        guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        unsetenv(variable)
        return value
    }
}
