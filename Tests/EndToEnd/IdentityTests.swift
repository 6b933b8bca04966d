import Testing

@Suite("What a Pod is called, and how it finds others")
struct IdentityTests {
    private static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: who, namespace: blue}
        spec:
          terminationGracePeriodSeconds: 1
          hostname: me
          subdomain: sub
          setHostnameAsFQDN: true
          hostAliases: [{ip: 10.1.2.3, hostnames: [db, db.example]}]
          dnsPolicy: None
          dnsConfig: {nameservers: [10.9.9.9], searches: [blue.example], options: [{name: ndots, value: "3"}]}
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; sleep 4001 & wait"]
            - name: quiet
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; sleep 4001 & wait"]
              volumeMounts: [{name: own, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]
          volumes: [{name: own, emptyDir: {}}]

        """

    @Test("host name, hosts file, resolver and namespace are what the manifest says")
    func identity() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/pod.yaml": Self.pod], "Say who it is")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let look =
                "hostname; cat /etc/hosts /etc/resolv.conf; cat /var/run/secrets/kubernetes.io/serviceaccount/namespace"
            let seen = try await node.agent("exec", "-n", "blue", "who", "-c", "main", "--", "sh", "-c", look).output
            #expect(seen.hasPrefix("me.sub.blue.svc.cluster.local\n# Kubernetes-managed hosts file."), "\(seen)")
            #expect(seen.contains("\tme.sub.blue.svc.cluster.local\tme\n"), "\(seen)")
            #expect(seen.contains("# Entries added by HostAliases.\n10.1.2.3\tdb\tdb.example\n"), "\(seen)")
            #expect(
                seen.hasSuffix("search blue.example\nnameserver 10.9.9.9\noptions ndots:3\nblue"), "\(seen)")

            let own = try await node.agent(
                "exec", "-n", "blue", "who", "-c", "quiet", "--", "ls", "/var/run/secrets/kubernetes.io/serviceaccount")
            #expect(own.status == 0 && own.output.isEmpty, "a volume at its place is there instead: \(own)")
        }
    }
}
