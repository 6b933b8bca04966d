import Foundation
import Manifests
import Testing

@Suite("Names, hosts and resolvers")
struct NameTests {
    private static let policy = """
        rules: [{name: all, namespaces: ["*"], allow: {hostNetwork: true, hostPID: true, hostIPC: true}}]

        """

    @Test("rules 79 and 80: host name and hosts file are the kubelet's, unless the container brings its own")
    func hosts() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let long = String(repeating: "a", count: 62) + "-" + String(repeating: "b", count: 20)
            try await node.start(
                pod(
                    "web", "hostname: me", "subdomain: sub",
                    "hostAliases: [{ip: 10.1.2.3, hostnames: [db, db.example]}]",
                    containers: container("main", Script.patient)),
                pod(long, containers: container("main", Script.patient)),
                pod(
                    "named", "hostname: me", "subdomain: sub", "hostnameOverride: db.example.org",
                    containers: container("main", Script.patient)),
                pod(
                    "own", "volumes: [{name: files, configMap: {name: files}}]",
                    containers: container(
                        "main", Script.patient, "volumeMounts: [{name: files, mountPath: /etc/hosts, subPath: hosts}]")),
                others: [
                    "app2/files.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: files}\ndata: {hosts: mine}\n"
                ])
            let web = try await node.running("web")
            #expect(try await node.inside("web", "hostname") == "me\n")
            let hosts = try await node.inside("web", "cat /etc/hosts")
            #expect(
                hosts == """
                    # Kubernetes-managed hosts file.
                    127.0.0.1\tlocalhost
                    ::1\tlocalhost ip6-localhost ip6-loopback
                    fe00::0\tip6-localnet
                    fe00::0\tip6-mcastprefix
                    fe00::1\tip6-allnodes
                    fe00::2\tip6-allrouters
                    \(web.address ?? "?")\tme.sub.default.svc.cluster.local\tme

                    # Entries added by HostAliases.
                    10.1.2.3\tdb\tdb.example

                    """)
            #expect(try await node.inside("web", "stat -c %a /etc/hosts") == "644\n")
            _ = try await node.running(long)
            #expect(try await node.inside(long, "hostname") == String(repeating: "a", count: 62) + "\n")
            let named = try await node.running("named")
            #expect(
                try await node.inside("named", "hostname; tail -n 1 /etc/hosts") == """
                    db.example.org
                    \(named.address ?? "?")\tdb.example.org

                    """)
            _ = try await node.running("own")
            #expect(try await node.inside("own", "cat /etc/hosts") == "mine")
        }
    }

    @Test("rules 81 and 83: the resolver follows the policy, and the namespace can be read from its file")
    func resolver() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "none", "dnsPolicy: None",
                    "dnsConfig: {nameservers: [10.9.9.9], searches: [a.example], "
                        + "options: [{name: ndots, value: '3'}, {name: edns0}]}",
                    containers: container("main", Script.patient)),
                pod("plain", "dnsPolicy: Default", containers: container("main", Script.patient)),
                pod(
                    "many", "dnsPolicy: ClusterFirst",
                    "dnsConfig: {nameservers: [10.9.9.1, 10.9.9.2, 10.9.9.3]}",
                    containers: container("main", Script.patient)),
                pod("silent", "automountServiceAccountToken: false", containers: container("main", Script.patient)))
            for name in ["none", "plain", "silent", "many"] { _ = try await node.running(name) }
            let resolver = try await node.inside("none", "cat /etc/resolv.conf")
            #expect(resolver == "search a.example\nnameserver 10.9.9.9\noptions ndots:3 edns0\n")
            let told = try await node.events(of: "many")
            #expect(
                told.contains("MissingClusterDNS") && told.contains("Falling back to \"Default\" policy."), "\(told)")
            // With a server of the node's there are four.
            let nodes = try String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)
            if nodes.contains(/(?m)^nameserver\s/) {
                #expect(told.contains("Nameserver limits were exceeded, some nameservers have been omitted"), "\(told)")
            }
            #expect(try await !node.events(of: "plain").contains("DNS"))
            let directory = "/var/run/secrets/kubernetes.io/serviceaccount"
            #expect(try await node.inside("plain", "cat \(directory)/namespace") == "default")
            #expect(try await node.inside("plain", "stat -Lc %a \(directory)/namespace") == "644\n")
            #expect(try await node.inside("silent", "ls -d \(directory) 2>/dev/null || echo none") == "none\n")
        }
    }

    @Test("rules 79 to 81: a Pod in the node's network has the node's name and the node's files")
    func hostNetwork() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let policy = "\(node.base)/policy.yaml"
            try Self.policy.write(toFile: policy, atomically: true, encoding: .utf8)
            try await node.start(
                pod(
                    "web", "hostNetwork: true", "hostname: me",
                    "hostAliases: [{ip: 10.1.2.3, hostnames: [db]}]", containers: container("main", Script.patient)),
                variables: ["RECONCILE_AGENT_POLICY": policy])
            let pod = try await node.running("web")
            #expect(pod.address == pod.json["status"]?["hostIP"]?.string)
            let name = try await node.inside("web", "hostname; echo $HOSTNAME").split(separator: "\n")
            #expect(name.first == name.last && name.first != "me", "\(name)")
            let hosts = try await node.inside("web", "cat /etc/hosts")
            #expect(hosts.hasPrefix("# Kubernetes-managed hosts file (host network).\n"), "\(hosts)")
            #expect(hosts.hasSuffix("\n# Entries added by HostAliases.\n10.1.2.3\tdb\n"), "\(hosts)")
        }
    }
}
