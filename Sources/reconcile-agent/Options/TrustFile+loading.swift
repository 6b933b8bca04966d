import Glibc
import ImageStore
import Linux
import Manifests

extension ImageTrust {
    /// Where it is looked for when nobody says otherwise.
    static let standardPath = "/etc/reconcile-agent/trust.yaml"

    /// Reads the rules of this node, and their keys.
    ///
    /// - Parameter named: the file that somebody named; nil for the standard place, where there need be none: then every
    ///   image may be used.
    /// - Throws: `CommandFailure` (usage) when it cannot be read, or with everything wrong with it.
    static func load(_ named: String?) throws -> ImageTrust {
        let path = named ?? standardPath
        let contents: [UInt8]
        do throws(SystemError) { contents = try Descriptor.open(path).readToEnd(limit: 1 << 20) } catch {
            if named == nil, [ENOENT, ENOTDIR].contains(error.code) { return ImageTrust() }
            throw CommandFailure(
                .usage, "the rules of trust \(path) cannot be read: \(error.reason)", hint: "name another with --trust")
        }
        let file = TrustFile(ManifestFile(path: path, contents: contents))
        guard file.diagnostics.isEmpty else {
            throw CommandFailure(.usage, file.diagnostics.map { "\($0)" }.joined(separator: "\nerror: "))
        }
        let rules = try file.rules.map { rule in
            Rule(prefix: rule.prefix, demand: try demand(of: rule, in: path), place: "\(path):\(rule.line)")
        }
        try refuseAmbiguity(among: rules)
        return ImageTrust(rules: rules)
    }

    /// The file's reader knows equal prefixes, not those that only mean the same.
    private static func refuseAmbiguity(among rules: [Rule]) throws(CommandFailure) {
        for (index, rule) in rules.enumerated() {
            guard let earlier = rules[..<index].first(where: { rule.isAmbiguous(with: $0) }) else { continue }
            throw CommandFailure(
                .usage,
                "\(rule.place): the prefix \(rule.prefix) means the same as \(earlier.prefix) in \(earlier.place)",
                hint: "leave one of the two rules")
        }
    }

    private static func demand(of rule: TrustFile.Rule, in path: String) throws -> Demand {
        switch rule.policy {
        case .accept: .nothing
        case .reject: .rejection
        case .digest: .digest
        case .signature: .signature(try rule.keys.map { try key(in: $0, of: "\(path):\(rule.line)") })
        }
    }

    private static func key(in path: String, of place: String) throws -> SigningKey {
        func failure(_ reason: String) -> CommandFailure {
            CommandFailure(
                .usage, "\(place): the key \(path) cannot be used: \(reason)",
                hint: "make one with cosign generate-key-pair, or openssl ec -pubout")
        }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Descriptor.open(path).readToEnd(limit: 64 << 10) } catch {
            throw failure(error.reason)
        }
        do throws(SigningKey.Unusable) { return try SigningKey(pem: String(decoding: bytes, as: UTF8.self)) } catch {
            throw failure(error.description)
        }
    }
}
