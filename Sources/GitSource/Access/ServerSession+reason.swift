import CLibGit2

extension ServerSession {
    /// What a failure of libgit2 means to the person who set this up.
    func reason(for error: LibGit2Error) -> GitSourceError {
        if let failure { return failure }
        if error.code == GIT_ECERTIFICATE {
            return .certificateRefused(url: told, reason: error.message, authorities: access.authoritiesFile)
        }
        if let status = status(in: error.message) { return reason(forStatus: status) }
        if error.message.hasPrefix("cannot redirect from") {
            return .redirected(url: told, reason: error.message)
        }
        // What git itself says at the other end of an ssh connection.
        if error.message.contains("does not appear to be a git repository") {
            return .repositoryMissing(url: told, reason: "its server says so")
        }
        return .unreachable(url: told, reason: error.message)
    }

    private func reason(forStatus status: Int) -> GitSourceError {
        switch status {
        case 401, 403:
            .accessDenied(
                url: told, reason: "its server answers with status \(status)",
                advice: "check that \(access.secret.map { "\($0)" } ?? "everyone") may read this repository")
        case 404, 410:
            .repositoryMissing(
                url: told, reason: "its server answers with status \(status), as many do when they hide a repository")
        default:
            .unreachable(url: told, reason: "its server answers with status \(status)")
        }
    }

    /// The number in libgit2's "unexpected http status code: 404".
    private func status(in message: String) -> Int? {
        guard let words = message.firstRange(of: "http status code: ") else { return nil }
        return Int(message[words.upperBound...].prefix { $0.isNumber })
    }
}
