/// How a Pod's processes find the addresses of names.
public enum DNSPolicy: String, Sendable, Hashable, CaseIterable {
    /// By the cluster's name servers, where there are any; else as the node.
    case clusterFirst = "ClusterFirst"
    /// The same, also for Pods in the node's network.
    case clusterFirstWithHostNet = "ClusterFirstWithHostNet"
    /// As the node.
    case `default` = "Default"
    /// By what the manifest says alone.
    case none = "None"
}

/// What a Pod's resolver is told beside its policy (core/v1 PodDNSConfig).
public struct PodDNSConfig: Sendable, Hashable {
    /// Addresses of name servers.
    public var nameservers: [String]
    /// Domains that short names are looked up in.
    public var searches: [String]
    /// Options; one of a name that is set already takes its place.
    public var options: [PodDNSConfigOption]

    /// A configuration.
    public init(nameservers: [String] = [], searches: [String] = [], options: [PodDNSConfigOption] = []) {
        self.nameservers = nameservers
        self.searches = searches
        self.options = options
    }
}

/// One option of a resolver (core/v1 PodDNSConfigOption).
public struct PodDNSConfigOption: Sendable, Hashable {
    /// The name, for example `ndots`.
    public var name: String
    /// Its value; nil for none.
    public var value: String?

    /// An option.
    public init(name: String, value: String? = nil) {
        self.name = name
        self.value = value
    }

    /// `name:value`, as resolv.conf(5) has it.
    public var text: String { name + (value.map { ":\($0)" } ?? "") }
}

/// Names of an address, for a Pod's hosts file (core/v1 HostAlias).
public struct HostAlias: Sendable, Hashable {
    /// The address.
    public var ip: String
    /// Its names.
    public var hostnames: [String]

    /// An alias.
    public init(ip: String, hostnames: [String] = []) {
        self.ip = ip
        self.hostnames = hostnames
    }
}
