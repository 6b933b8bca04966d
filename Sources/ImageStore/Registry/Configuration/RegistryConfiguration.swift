/// Where images are asked for instead of, or before, the registry that their names give.
///
/// Fields and rules are those of containers-registries.conf(5), so that what people know holds here.
public struct RegistryConfiguration: Sendable, Hashable, Codable {
    /// What is said about the images of a registry, or of a part of one.
    public struct Registry: Sendable, Hashable, Codable {
        /// Which names it speaks of: `docker.io`, `registry.example.org/team`, `*.example.org`. The longest one decides.
        public var prefix: String
        /// What stands in the prefix's place when the registry is asked; nil for the prefix itself.
        public var location: String?
        /// Whether plain HTTP and certificates that nobody vouches for are good enough.
        public var insecure: Bool
        /// Whether these images are not to be had at all.
        public var blocked: Bool
        /// A PEM file with the authorities that vouch for the registry, beside the system's.
        public var caFile: String?
        /// Who is asked first, in this order.
        public var mirrors: [Mirror]

        /// Says something about the images below `prefix`.
        public init(
            prefix: String, location: String? = nil, insecure: Bool = false, blocked: Bool = false,
            caFile: String? = nil, mirrors: [Mirror] = []
        ) {
            self.prefix = prefix
            self.location = location
            self.insecure = insecure
            self.blocked = blocked
            self.caFile = caFile
            self.mirrors = mirrors
        }
    }

    /// A registry that has the images of another one.
    public struct Mirror: Sendable, Hashable, Codable {
        /// What stands in the prefix's place: `mirror.example.org/docker-hub`.
        public var location: String
        /// Whether plain HTTP and certificates that nobody vouches for are good enough.
        public var insecure: Bool
        /// A PEM file with the authorities that vouch for the mirror, beside the system's.
        public var caFile: String?

        /// Names a mirror.
        public init(location: String, insecure: Bool = false, caFile: String? = nil) {
            self.location = location
            self.insecure = insecure
            self.caFile = caFile
        }
    }

    /// In any order.
    public var registries: [Registry]

    /// Says something about some registries; without any, every registry is asked itself, by HTTPS.
    public init(registries: [Registry] = []) { self.registries = registries }
}

extension RegistryConfiguration {
    /// Whom to ask for an image, in this order.
    ///
    /// - Throws: `ImagePullError.blocked`.
    func endpoints(for reference: ImageReference) throws(ImagePullError) -> [RegistryEndpoint] {
        let name = "\(reference.registry)/\(reference.repository)"
        let decision = closest(to: reference, reach: .registry)
        if let obstacle = closest(to: reference, reach: .host), obstacle.rule.blocked,
            obstacle.closeness > decision?.closeness ?? -1
        {
            throw .blocked(reference, prefix: obstacle.rule.prefix)
        }
        guard let decision else { return [RegistryEndpoint(location: name)].compactMap { $0 } }
        let (rule, rest) = (decision.rule, decision.rest)
        if rule.blocked { throw .blocked(reference, prefix: rule.prefix) }
        let mirrors = rule.mirrors.map { mirror in
            RegistryEndpoint(
                location: mirror.location + rest, isInsecure: mirror.insecure, caFile: mirror.caFile)
        }
        let itself = RegistryEndpoint(
            location: rule.location.map { $0 + rest } ?? name, isInsecure: rule.insecure, caFile: rule.caFile)
        return (mirrors + [itself]).compactMap { $0 }
    }

    /// The rule with the longest prefix that speaks of an image, and what follows that prefix; of equal ones, one that blocks.
    private func closest(
        to reference: ImageReference, reach: ImagePrefix.Reach
    ) -> (rule: Registry, rest: String, closeness: Int)? {
        registries.compactMap { rule -> (rule: Registry, rest: String, closeness: Int)? in
            let prefix = ImagePrefix(rule.prefix)
            return prefix.rest(of: reference, reach: reach).map { (rule: rule, rest: $0, closeness: prefix.closeness) }
        }
        .max { ($0.closeness, $0.rule.blocked ? 1 : 0) < ($1.closeness, $1.rule.blocked ? 1 : 0) }
    }
}
