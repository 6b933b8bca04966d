import Glibc
import Linux

extension GitAccess.Secret {
    /// The password or token.
    ///
    /// - Throws: `GitSourceError.credentialUnusable`.
    func read() throws(GitSourceError) -> String {
        switch self {
        case .password(let text), .token(let text): return text
        case .passwordFile(let path): return try firstLine(of: path, called: "password file")
        case .tokenFile(let path): return try firstLine(of: path, called: "token file")
        }
    }

    private func firstLine(of path: String, called what: String) throws(GitSourceError) -> String {
        let text = try readCredential(path, called: what)
        let line = text.prefix { !$0.isNewline }
        if line.isEmpty { throw .credentialUnusable(what: what, path: path, reason: "its first line is empty") }
        return String(line)
    }
}

/// The private key in a file.
///
/// - Throws: `GitSourceError.credentialUnusable` when it is none, or is encrypted.
func checkPrivateKey(_ path: String) throws(GitSourceError) {
    let text = try readCredential(path, called: "SSH key")
    func refusal(_ reason: String) -> GitSourceError {
        .credentialUnusable(what: "SSH key", path: path, reason: reason)
    }
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.first, first.hasPrefix("-----BEGIN "), first.hasSuffix("PRIVATE KEY-----") else {
        throw refusal("it is not a private key")
    }
    // What begins with "openssh-key-v1" and the cipher "none".
    let opensshWithoutPassphrase = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"
    let isEncrypted =
        first.contains("OPENSSH")
        ? lines.count > 1 && !lines[1].hasPrefix(opensshWithoutPassphrase)
        : first.contains("ENCRYPTED") || lines.contains { $0.hasPrefix("Proc-Type:") && $0.contains("ENCRYPTED") }
    if isEncrypted {
        throw refusal("it has a passphrase, and nobody is there to type it; remove it with ssh-keygen -p -N ''")
    }
}

private func readCredential(_ path: String, called what: String) throws(GitSourceError) -> String {
    do throws(SystemError) {
        return String(decoding: try Descriptor.open(path).readToEnd(limit: 1 << 20), as: UTF8.self)
    } catch {
        throw .credentialUnusable(what: what, path: path, reason: error.reason)
    }
}
