import Foundation
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Names and resolvers inside a Pod")
struct PodFilesTests {
    private func files(domain: String? = nil, aliases: [HostAlias] = []) -> PodFiles {
        PodFiles(
            hostname: "web", name: ("web", domain), address: "10.88.0.7", aliases: aliases,
            resolver: ResolverFile(""), namespace: "blue")
    }

    @Test("the whole name of a Pod with a subdomain comes before its short one; aliases come last")
    func moreHosts() {
        let files = files(
            domain: "sub.blue.svc.cluster.local",
            aliases: [
                HostAlias(ip: "10.1.2.3", hostnames: ["db", "db.example"]), HostAlias(ip: "fd00::1", hostnames: ["x"]),
            ])

        #expect(
            files.hosts.hasSuffix(
                """
                10.88.0.7\tweb.sub.blue.svc.cluster.local\tweb

                # Entries added by HostAliases.
                10.1.2.3\tdb\tdb.example
                fd00::1\tx

                """))
    }

    @Test("a Pod in the node's network has a copy of the node's hosts file, and its aliases")
    func nodeHosts() {
        var files = files(aliases: [HostAlias(ip: "10.1.2.3", hostnames: ["db"])])
        files.nodeHosts = "127.0.0.1 localhost node\n"

        #expect(
            files.hosts
                == "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost node\n"
                + "\n# Entries added by HostAliases.\n10.1.2.3\tdb\n")
    }

    @Test("whoever reads the hosts file while it is written again finds it whole, and what a container added is gone")
    func writtenAgain() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "etc-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (path, files) = ("\(directory)/hosts", files())
        try files.write(to: directory)
        try (files.hosts + "10.1.2.3\tmine\n").write(toFile: path, atomically: false, encoding: .utf8)

        let reader = Task {
            var found: Set<String> = []
            repeat { found.insert(try String(contentsOfFile: path, encoding: .utf8)) } while !Task.isCancelled
            return found
        }
        for _ in 0..<2_000 { try files.writeHosts(to: directory) }
        reader.cancel()

        #expect(try await reader.value.allSatisfy { $0.hasPrefix(files.hosts) })
        #expect(try String(contentsOfFile: path, encoding: .utf8) == files.hosts)
    }

    @Test("processes see the whole name only where the manifest says so")
    func wholeName() {
        var pod = Pod(
            metadata: ObjectMeta(name: "web", namespace: "blue"), spec: PodSpec(containers: [], subdomain: "sub"))

        #expect(pod.effectiveHostname == "web")
        pod.spec.setHostnameAsFQDN = true
        #expect(pod.effectiveHostname == "web.sub.blue.svc.cluster.local")
        pod.spec.subdomain = nil
        #expect(pod.effectiveHostname == "web")
        pod.spec.subdomain = "sub"
        pod.spec.hostname = "other"
        pod.spec.hostnameOverride = "db.example.org"
        #expect(pod.effectiveHostname == "db.example.org")
        #expect(pod.hostDomain == nil)
    }

    @Test("a manifest adds servers and domains behind the node's, and its options replace those of their name")
    func resolverOfManifest() {
        var file = ResolverFile("nameserver 10.0.0.1\nsearch a.example\noptions ndots:2 rotate\n")
        file.add(
            PodDNSConfig(
                nameservers: ["10.0.0.1", "10.0.0.2"], searches: ["b.example", "a.example"],
                options: [
                    PodDNSConfigOption(name: "ndots", value: "5"), PodDNSConfigOption(name: "edns0"),
                ]))

        #expect(
            file.text
                == "search a.example b.example\nnameserver 10.0.0.1\nnameserver 10.0.0.2\noptions rotate ndots:5 edns0\n"
        )
    }

    @Test("/etc/hosts has the kubelet's lines in the kubelet's order")
    func hosts() {
        let files = files()

        #expect(
            files.hosts.split(separator: "\n") == [
                "# Kubernetes-managed hosts file.", "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback",
                "fe00::0\tip6-localnet", "fe00::0\tip6-mcastprefix", "fe00::1\tip6-allnodes", "fe00::2\tip6-allrouters",
                "10.88.0.7\tweb",
            ])
    }

    @Test(
        "a host name is cut to 63 characters and does not end in '-' or '.'",
        arguments: [
            (String(repeating: "a", count: 70), 63), (String(repeating: "a", count: 62) + "-b", 62), ("web", 3),
            (String(repeating: "a", count: 61) + ".-b", 61),
        ])
    func hostname(name: String, length: Int) {
        let pod = Pod(metadata: ObjectMeta(name: name), spec: PodSpec(containers: []))

        #expect(pod.effectiveHostname.utf8.count == length)
    }

    @Test("search, nameservers and options of the node are kept, in that order")
    func resolver() {
        let file = ResolverFile(
            "# a comment\nnameserver 10.0.0.1\ndomain old\nsearch a.example b.example\noptions ndots:2\noptions rotate\n"
        )

        #expect(file.text == "search a.example b.example\nnameserver 10.0.0.1\noptions ndots:2 rotate\n")
        #expect(file.warnings.isEmpty)
        #expect(ResolverFile("").text == "")
    }

    @Test("what resolvers do not read is cut, and said: 3 nameservers, 32 domains, 2048 characters")
    func limits() {
        let servers = (1...5).map { "nameserver 10.0.0.\($0)\n" }.joined()
        let many = ResolverFile(servers + "search " + (1...40).map { "d\($0)" }.joined(separator: " "))
        let long = ResolverFile(
            "search " + (1...9).map { "d\($0)" + String(repeating: "x", count: 253) }.joined(separator: " "))

        #expect(many.servers == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        #expect(many.domains.count == 32)
        #expect(many.warnings.map(\.reason) == ["DNSConfigForming", "DNSConfigForming"])
        #expect(
            many.warnings.map(\.message) == [
                "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: "
                    + "10.0.0.1 10.0.0.2 10.0.0.3",
                "Search Line limits were exceeded, some search paths have been omitted, the applied search line is: "
                    + (1...32).map { "d\($0)" }.joined(separator: " "),
            ])
        #expect(long.domains.count == 8)
        #expect(long.domains.joined(separator: " ").utf8.count <= 2048)
    }

    @Test(
        "a Pod that asks for a cluster's name servers is told that there are none; one that says nothing is not",
        arguments: [
            (nil, false, false), ("ClusterFirst", false, true), ("ClusterFirst", true, false),
            ("ClusterFirstWithHostNet", true, true), ("Default", false, false), ("None", false, false),
        ] as [(String?, Bool, Bool)])
    func clusterNames(policy: String?, isOnHostNetwork: Bool, isTold: Bool) {
        var pod = Pod(metadata: ObjectMeta(name: "web", namespace: "blue"), spec: PodSpec(containers: []))
        pod.spec.dnsPolicy = policy.flatMap(DNSPolicy.init(rawValue:)) ?? .clusterFirst
        pod.spec.namespaces.hostNetwork = isOnHostNetwork
        let written: JSONValue = ["spec": .object(policy.map { ["dnsPolicy": .string($0)] } ?? [:])]
        let accepted = AcceptedPod(
            uid: PodUID("u1"), pod: pod, digest: Digest("sha256:0"), written: written, application: .root,
            createdAt: .epoch, file: "web.yaml")

        #expect(
            accepted.clusterNameWarnings
                == (isTold
                    ? [
                        ActionWarning(
                            reason: "MissingClusterDNS",
                            message: "pod: \"web_blue(u1)\". kubelet does not have ClusterDNS IP configured and cannot "
                                + "create Pod using \"ClusterFirst\" policy. Falling back to \"Default\" policy.")
                    ] : []))
    }

    @Test("servers on the node's loopback are known to be out of a Pod's reach")
    func loopback() {
        #expect(ResolverFile("nameserver 127.0.0.53\n").pointsAtLoopback)
        #expect(!ResolverFile("nameserver 127.0.0.53\nnameserver 10.0.0.1\n").pointsAtLoopback)
        #expect(!ResolverFile("").pointsAtLoopback)
    }
}
