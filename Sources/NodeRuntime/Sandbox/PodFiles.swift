import Glibc
import Linux
import Manifests
import PodModel

/// The files of /etc that are the Pod's, not the image's: names and addresses (rules of the kubelet).
struct PodFiles: Sendable {
    /// What its processes see as the host's name.
    let hostname: String
    /// Its name, and the domain that this is in.
    var name: (short: String, domain: String?)
    let address: String
    /// More lines of the hosts file.
    var aliases: [HostAlias] = []
    var resolver = ResolverFile("")
    /// The node's hosts file, which a Pod in the node's network has a copy of; nil for any other.
    var nodeHosts: String?
    /// What `/var/run/secrets/kubernetes.io/serviceaccount/namespace` says.
    let namespace: String

    /// The file names; each is mounted at `/etc/<name>` of every container.
    static let names = [hostsName, "hostname", "resolv.conf"]
    static let hostsName = "hosts"

    /// A Pod's hosts file (kubelet: managed hosts file).
    var hosts: String {
        (nodeHosts.map { "# Kubernetes-managed hosts file (host network).\n" + $0 } ?? ownHosts) + moreLines
    }

    private var ownHosts: String {
        """
        # Kubernetes-managed hosts file.
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::0\tip6-localnet
        fe00::0\tip6-mcastprefix
        fe00::1\tip6-allnodes
        fe00::2\tip6-allrouters
        \(address)\t\(names)

        """
    }

    private var names: String { name.domain.map { "\(name.short).\($0)\t\(name.short)" } ?? name.short }

    private var moreLines: String {
        if aliases.isEmpty { return "" }
        let lines = aliases.map { "\($0.ip)\t\($0.hostnames.joined(separator: "\t"))\n" }
        return "\n# Entries added by HostAliases.\n" + lines.joined()
    }

    /// The directory, beside those files, in which a container finds whom it acts for.
    static let account = "serviceaccount"
    /// Where the container finds it.
    static let accountPlace = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Writes them into a directory, which is made if there is none.
    func write(to directory: String) throws(SystemError) {
        try makeDirectory(directory)
        try makeDirectory("\(directory)/\(Self.account)", mode: 0o755)
        for (name, bytes) in zip(
            Self.names + ["\(Self.account)/namespace"],
            [hosts, "\(hostname)\n", resolver.text, namespace].map { Array($0.utf8) })
        {
            try Self.write(bytes, to: "\(directory)/\(name)")
        }
    }

    /// Writes the hosts file alone into the directory that the others are in already.
    func writeHosts(to directory: String) throws(SystemError) {
        try Self.write(Array(hosts.utf8), to: "\(directory)/\(Self.hostsName)")
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_NOFOLLOW)
        // Whatever the agent's umask is, every user of the container may read them.
        let raw = file.raw
        try retrying("fchmod", path) { fchmod(raw, 0o644) }
        // Cut last: who runs already has the file mounted, and is never to find it empty.
        try file.writeAll(bytes)
        try retrying("ftruncate", path) { ftruncate(raw, off_t(bytes.count)) }
    }
}

extension Pod {
    /// The Pod's name among hosts: at most 63 characters, unless the manifest has the last word (kubelet).
    var shortHostname: String {
        if let chosen = spec.hostnameOverride { return chosen }
        let name = (spec.hostname ?? metadata.name).prefix(63)
        return String(name.reversed().drop { $0 == "-" || $0 == "." }.reversed())
    }

    /// The domain that its name is in; nil without a subdomain, and for a name that stands alone.
    var hostDomain: String? {
        if spec.hostnameOverride != nil { return nil }
        return spec.subdomain.map { "\($0).\(metadata.namespace).svc.\(Self.clusterDomain)" }
    }

    /// The host name its processes see: the short one, or the whole one if it is to be (kubelet). The kernel takes 64 bytes.
    var effectiveHostname: String {
        guard spec.setHostnameAsFQDN, let domain = hostDomain else { return shortHostname }
        return "\(shortHostname).\(domain)"
    }

    /// Whether the node's network, and so its name, are the Pod's.
    var isOnHostNetwork: Bool { spec.namespaces.hostNetwork == true }

    /// Kubernetes' default.
    private static let clusterDomain = "cluster.local"
}
