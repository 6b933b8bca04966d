import Crypto
import FoundationEssentials

/// The lines of a known_hosts file that speak of one host (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
struct KnownHosts: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        let number: Int
        let isRevoked: Bool
        let type: String
        let base64: String
    }

    /// What the file says about a key.
    enum Verdict: Hashable, Sendable {
        /// It is one of the host's.
        case known
        /// It says nothing about the host.
        case unknown
        /// The host has other keys, on these lines.
        case changed(lines: [Int])
        /// It must not be trusted any more, says this line.
        case revoked(line: Int)
    }

    let lines: [Line]

    /// Picks the lines about `host`: `name`, or `[name]:port` where the port is not 22.
    ///
    /// Lines of certificate authorities are passed over: libssh2 knows no host certificates.
    init(about host: String, in text: String) {
        let host = host.lowercased()
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
            index, line in
            var fields = line.split(whereSeparator: \.isWhitespace)
            guard let first = fields.first, !first.hasPrefix("#") else { return nil }
            let marker = first.hasPrefix("@") ? fields.removeFirst() : nil
            guard marker == nil || marker == "@revoked", fields.count >= 3, Self.names(fields[0], host) else {
                return nil
            }
            return Line(
                number: index + 1, isRevoked: marker != nil, type: String(fields[1]), base64: String(fields[2]))
        }
    }

    func verdict(on key: HostKey) -> Verdict {
        if let line = lines.first(where: { $0.isRevoked && $0.base64 == key.base64 }) {
            return .revoked(line: line.number)
        }
        let trusted = lines.filter { !$0.isRevoked }
        if trusted.contains(where: { $0.base64 == key.base64 && $0.type == key.type }) { return .known }
        return trusted.isEmpty ? .unknown : .changed(lines: trusted.map(\.number))
    }

    /// A known_hosts file that names the trusted keys and nothing else, in the order in which they are best asked for:
    /// servers refuse what RSA keys are used for here where libssh2 is older than 1.11.
    func file(for host: String) -> String {
        let order = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"]
        return order.flatMap { type in lines.filter { !$0.isRevoked && $0.type == type } }
            .map { "\(host) \($0.type) \($0.base64)\n" }.joined()
    }

    /// Whether the first field of a line means the host: patterns between commas, or a hash of the name.
    private static func names(_ field: Substring, _ host: String) -> Bool {
        if field.hasPrefix("|1|") { return isHash(field, of: host) }
        let patterns = field.lowercased().split(separator: ",")
        let refuses = patterns.contains { $0.hasPrefix("!") && matches(host[...], $0.dropFirst()) }
        return !refuses && patterns.contains { matches(host[...], $0) }
    }

    /// `|1|salt|HMAC-SHA1 of the name`.
    private static func isHash(_ field: Substring, of host: String) -> Bool {
        let parts = field.split(separator: "|")
        guard parts.count == 3, let salt = Data(base64Encoded: String(parts[1])),
            let hash = Data(base64Encoded: String(parts[2]))
        else { return false }
        return HMAC<Insecure.SHA1>.isValidAuthenticationCode(
            hash, authenticating: Data(host.utf8), using: SymmetricKey(data: salt))
    }

    /// `*` is any text, `?` any one character.
    private static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return matches(text, pattern.dropFirst()) || (!text.isEmpty && matches(text.dropFirst(), pattern))
        }
        guard let character = text.first, first == "?" || first == character else { return false }
        return matches(text.dropFirst(), pattern.dropFirst())
    }
}
