/// Which images may be used on a node. Without rules every image may.
public struct ImageTrust: Sendable {
    /// What is demanded of images.
    public enum Demand: Sendable {
        /// Nothing.
        case nothing
        /// They are not to be used.
        case rejection
        /// Their names must say their digests.
        case digest
        /// One of these keys must have signed them.
        case signature([SigningKey])
    }

    /// What is demanded of the images whose names begin alike.
    public struct Rule: Sendable {
        /// `*` for all, `*.example.org`, `registry.example.org/team`.
        public let prefix: String
        /// The demand.
        public let demand: Demand
        /// Where a person finds the rule: `/etc/reconcile-agent/trust.yaml:3`.
        public let place: String
        /// Nil for all images.
        private let names: ImagePrefix?

        /// A rule.
        public init(prefix: String, demand: Demand, place: String) {
            self.prefix = prefix
            self.demand = demand
            self.place = place
            names = prefix == "*" ? nil : ImagePrefix(prefix)
        }

        /// Whether both speak of the same images, so that neither could decide: prefixes may be spelled differently.
        public func isAmbiguous(with other: Rule) -> Bool {
            guard let names, let others = other.names else { return names == other.names }
            return names.isSame(as: others)
        }

        /// How closely it speaks of an image; nil when it does not.
        fileprivate func closeness(to reference: ImageReference) -> Int? {
            guard let names else { return 0 }
            return names.rest(of: reference, reach: .host).map { _ in names.closeness }
        }
    }

    private let rules: [Rule]

    /// Rules in any order: the longest prefix that speaks of an image decides.
    public init(rules: [Rule] = []) { self.rules = rules }

    /// The rule that decides about an image, however its registry is spelled; nil when none speaks of it.
    func rule(for reference: ImageReference) -> Rule? {
        rules.compactMap { rule in rule.closeness(to: reference).map { (rule: rule, closeness: $0) } }
            .max { $0.closeness < $1.closeness }?.rule
    }

    /// Refuses what no registry could make acceptable.
    ///
    /// - Returns: the rule whose keys must have signed the image; nil when no signature is demanded.
    /// - Throws: `ImagePullError.untrusted`.
    func admit(_ reference: ImageReference) throws(ImagePullError) -> SignatureRule? {
        guard let rule = rule(for: reference) else { return nil }
        switch rule.demand {
        case .nothing: return nil
        case .signature(let keys): return SignatureRule(keys: keys, rule: rule)
        case .digest where reference.digest != nil: return nil
        case .digest:
            throw .untrusted(reference, reason: "its name must say its digest (@sha256:…)", rule: rule)
        case .rejection: throw .untrusted(reference, reason: "images of this name are not to be used", rule: rule)
        }
    }
}

/// A demand for a signature.
struct SignatureRule: Sendable {
    let keys: [SigningKey]
    /// What it says, and where.
    let rule: ImageTrust.Rule

    /// Who of the keys signed an image, as its registry has it.
    ///
    /// - Throws: `ImagePullError`, `CancellationError`.
    func signers(of manifest: RemoteManifest, _ session: RegistrySession) async throws -> [Digest] {
        try await SignatureCheck(session: session, demand: self).signers(of: manifest)
    }

    /// Whether what an image was signed with is one of the keys.
    func isMet(by signers: [Digest]) -> Bool { keys.contains { signers.contains($0.id) } }
}

extension ImageTrust.Demand: CustomStringConvertible {
    /// What is demanded, as the end of a sentence.
    public var description: String {
        switch self {
        case .nothing: "nothing"
        case .rejection: "that they are rejected"
        case .digest: "a digest"
        case .signature(let keys): keys.count == 1 ? "a signature by its key" : "a signature by one of its keys"
        }
    }
}
