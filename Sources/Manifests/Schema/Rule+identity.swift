// What Kubernetes demands of names and resolvers (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == PodDNSConfig {
    /// No more than resolvers read (`validatePodDNSConfig`).
    static var withinLimits: Rule {
        Rule { config in
            var violations: [Violation] = []
            if config.nameservers.count > 3 {
                violations.append(
                    Violation(
                        message: "Invalid value: \(config.nameservers.count): must not have more than 3 nameservers",
                        place: [.field("nameservers")]))
            }
            if config.searches.count > 32 {
                violations.append(
                    Violation(
                        message: "Invalid value: \(config.searches.count): must not have more than 32 search paths",
                        place: [.field("searches")]))
            }
            if config.searches.joined(separator: " ").utf8.count > 2048 {
                violations.append(
                    Violation(
                        message: "Invalid value: must not have more than 2048 characters (including spaces) in the "
                            + "search list", place: [.field("searches")]))
            }
            return violations
        }
    }
}

extension Rule where Value == PodSpec {
    /// A host name of the Pod's choice stands alone, and needs a name of the Pod's own (API reference of `hostnameOverride`).
    static var hostNameAgrees: Rule {
        Rule { spec in
            guard spec.hostnameOverride != nil else { return [] }
            let others = [
                ("setHostnameAsFQDN", spec.setHostnameAsFQDN), ("hostNetwork", spec.namespaces.hostNetwork == true),
            ]
            return others.filter(\.1).map { field, _ in
                Violation(
                    message: "Forbidden: may not be set when `\(field)` is true", place: [.field("hostnameOverride")])
            }
        }
    }

    /// Without a policy there must be a server (`validatePodDNSConfig`).
    static var namesServers: Rule {
        Rule { spec in
            guard spec.dnsPolicy == .none, spec.dnsConfig?.nameservers.isEmpty ?? true else { return [] }
            return [
                Violation(
                    message: spec.dnsConfig == nil
                        ? "Required value: must provide `dnsConfig` when `dnsPolicy` is None"
                        : "Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
                    place: spec.dnsConfig == nil ? [.field("dnsPolicy")] : [.field("dnsConfig")])
            ]
        }
    }
}

extension Rule where Value == String {
    /// What the kernel takes as a host name (`__NEW_UTS_LEN`).
    static var hostName: Rule {
        .value(shownAs: { $0.quoted }) { $0.utf8.count > 64 ? ["must be no more than 64 bytes"] : [] }
    }

    /// An address of IPv4 or IPv6 (`validation.IsValidIP`).
    static var address: Rule {
        .value(shownAs: { $0.quoted }) { text in
            isIPv4(text) || isIPv6(text)
                ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
        }
    }

    /// An address of a node whose Pods have addresses of IPv4 alone.
    static var nodeAddress: Rule {
        Rule { text in
            if !isIPv4(text), isIPv6(text) {
                return [
                    Violation(
                        message: "Invalid value: \(text.quoted): must be an address of IPv4, as those of Pods are",
                        hint: "remove it: without it the port is one of every address of the node")
                ]
            }
            return address.check(text)
        }
    }

    /// A domain, a lone dot, or one that ends in a dot (`validatePodDNSConfig`).
    static var searchDomain: Rule {
        .value(shownAs: { $0.quoted }) { text in
            if text == "." { return [] }
            let plain = text.hasSuffix(".") ? String(text.dropLast()) : text
            // Names of services, as SRV records have them, begin with an underscore.
            return Names.dnsSubdomain(plain.split(separator: ".").map { $0.drop { $0 == "_" } }.joined(separator: "."))
        }
    }

    /// A word of resolv.conf: what has blanks in it would be several, or a line of its own.
    static var resolverWord: Rule {
        .value(shownAs: { $0.quoted }) { text in
            text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? [] : ["must be printable ASCII without blanks"]
        }
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
                    && (part.count == 1 || part.first != "0")
            }
    }

    private static func isIPv6(_ text: String) -> Bool {
        let halves = text.split(separator: /::/, omittingEmptySubsequences: false)
        guard halves.count <= 2, text.contains(":") else { return false }
        let groups = halves.flatMap { $0.split(separator: ":", omittingEmptySubsequences: false) }.filter {
            halves.count == 1 || !$0.isEmpty
        }
        let isGood = groups.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy(\.isHexDigit) }
        return isGood && (halves.count == 2 ? groups.count < 8 : groups.count == 8)
    }
}
