import Glibc
import Linux
import Manifests
import PodModel

/// The files of /etc that are the Pod's, not the image's: names and addresses (rules of the kubelet).
struct PodFiles: Sendable {
    let hostname: String
    let address: String
    let resolver: ResolverFile

    /// The file names; each is mounted at `/etc/<name>` of every container.
    static let names = ["hosts", "hostname", "resolv.conf"]

    /// A Pod's hosts file (kubelet: managed hosts file).
    var hosts: String {
        """
        # Kubernetes-managed hosts file.
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::0\tip6-localnet
        fe00::0\tip6-mcastprefix
        fe00::1\tip6-allnodes
        fe00::2\tip6-allrouters
        \(address)\t\(hostname)

        """
    }

    /// Writes them into a directory, which is made if there is none.
    func write(to directory: String) throws(SystemError) {
        try makeDirectory(directory)
        for (name, bytes) in zip(
            Self.names, [Array(hosts.utf8), Array("\(hostname)\n".utf8), Array(resolver.text.utf8)])
        {
            let path = "\(directory)/\(name)"
            let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            // Whatever the agent's umask is, every user of the container may read them.
            let raw = file.raw
            try retrying("fchmod", path) { fchmod(raw, 0o644) }
            try file.writeAll(bytes)
        }
    }
}

extension Pod {
    /// The host name its processes see: at most 63 characters, as the kernel's limit is (kubelet).
    var effectiveHostname: String {
        let name = (spec.hostname ?? metadata.name).prefix(63)
        return String(name.reversed().drop { $0 == "-" || $0 == "." }.reversed())
    }
}
