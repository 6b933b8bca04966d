import Glibc
import Linux
import Manifests
import PodModel

/// A Pod's resolv.conf, made from the node's, within what resolvers read (kubelet: `formDNSConfigFitsLimits`).
struct ResolverFile: Hashable, Sendable {
    /// More are ignored by the C library (resolv.conf(5): MAXNS).
    static let mostServers = 3
    /// The kubelet's limits.
    static let mostDomains = 32
    static let longestSearchList = 2048

    private(set) var servers: [String] = []
    private(set) var domains: [String] = []
    private(set) var options: [String] = []
    /// Whether some were left out.
    private var lacksServers = false
    private var lacksDomains = false

    /// Reads a file's text. Of several `search` or `domain` lines the last one counts; options add up (resolv.conf(5)).
    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = words.first, !keyword.hasPrefix("#"), !keyword.hasPrefix(";") else { continue }
            switch keyword {
            case "nameserver": servers += words.dropFirst().prefix(1)
            case "search": domains = Array(words.dropFirst())
            case "domain": domains = Array(words.dropFirst().prefix(1))
            case "options": options += words.dropFirst()
            default: break
            }
        }
        cut()
    }

    /// Adds what a Pod's manifest says: servers and domains behind those that are there, options in place of those of their
    /// name (kubelet: `appendDNSConfig`).
    mutating func add(_ config: PodDNSConfig?) {
        guard let config else { return }
        servers += config.nameservers.filter { !servers.contains($0) }
        domains += config.searches.filter { !domains.contains($0) }
        for option in config.options {
            options.removeAll { $0 == option.name || $0.hasPrefix("\(option.name):") }
            options.append(option.text)
        }
        cut()
    }

    /// Whether every server is this machine's own loopback, where nobody in a Pod's network answers.
    var pointsAtLoopback: Bool { !servers.isEmpty && servers.allSatisfy { $0.hasPrefix("127.") || $0 == "::1" } }

    /// The file: search, nameservers, options.
    var text: String {
        var lines: [String] = []
        if !domains.isEmpty { lines.append("search " + domains.joined(separator: " ")) }
        lines += servers.map { "nameserver \($0)" }
        if !options.isEmpty { lines.append("options " + options.joined(separator: " ")) }
        return lines.map { $0 + "\n" }.joined()
    }

    private mutating func cut() {
        var length = -1
        let kept = domains.prefix(Self.mostDomains).prefix { domain in
            length += domain.utf8.count + 1
            return length <= Self.longestSearchList
        }
        if kept.count < domains.count { lacksDomains = true }
        if servers.count > Self.mostServers { lacksServers = true }
        domains = Array(kept)
        servers = Array(servers.prefix(Self.mostServers))
    }
}

extension ResolverFile {
    /// A Pod's, by its policy and what it adds.
    init(of pod: Pod) throws(SystemError) {
        self = pod.spec.dnsPolicy == .none ? ResolverFile("") : try ResolverFile.ofNode()
        add(pod.spec.dnsConfig)
    }

    /// What the Pod is told where not everything fits, in the kubelet's words.
    var warnings: [ActionWarning] {
        var messages: [String] = []
        if lacksServers {
            messages.append(
                "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: "
                    + servers.joined(separator: " "))
        }
        if lacksDomains {
            messages.append(
                "Search Line limits were exceeded, some search paths have been omitted, the applied search line is: "
                    + domains.joined(separator: " "))
        }
        return messages.map { ActionWarning(reason: "DNSConfigForming", message: $0) }
    }

    /// The node's own. Where that points at a resolver on the node's loopback, as systemd-resolved has it, the servers
    /// behind that one are taken (kubeadm sets `resolvConf` so).
    static func ofNode() throws(SystemError) -> ResolverFile {
        let file = ResolverFile(String(decoding: try followedContents(of: "/etc/resolv.conf") ?? [], as: UTF8.self))
        guard file.pointsAtLoopback, let behind = try followedContents(of: "/run/systemd/resolve/resolv.conf") else {
            return file
        }
        return ResolverFile(String(decoding: behind, as: UTF8.self))
    }

    /// A file's content; nil when there is none. The node's resolv.conf often is a symbolic link.
    private static func followedContents(of path: String) throws(SystemError) -> [UInt8]? {
        do { return try Descriptor.open(path).readToEnd() } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}

extension AcceptedPod {
    /// What a Pod is told that asks for a cluster's name servers, of which there are none (kubelet: `GetPodDNS`, without a
    /// cluster DNS). The kubelet tells those too whose author said nothing: here that is every Pod, and no news to any.
    var clusterNameWarnings: [ActionWarning] {
        if written["spec"]?["dnsPolicy"] == nil { return [] }
        switch pod.spec.dnsPolicy {
        case .none, .default: return []
        case .clusterFirst where pod.isOnHostNetwork: return []
        case .clusterFirst, .clusterFirstWithHostNet:
            let message =
                "pod: \"\(longName)\". kubelet does not have ClusterDNS IP configured and cannot "
                + "create Pod using \"ClusterFirst\" policy. Falling back to \"Default\" policy."
            return [ActionWarning(reason: "MissingClusterDNS", message: message)]
        }
    }
}
