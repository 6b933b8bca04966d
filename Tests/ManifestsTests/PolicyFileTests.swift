import Manifests
import Testing

@Suite("The file of the node's policy")
struct PolicyFileTests {
    private func read(_ text: String) -> (policy: NodePolicy?, findings: [String]) {
        let (policy, diagnostics) = NodePolicy.read(ManifestFile(path: "policy.yaml", contents: Array(text.utf8)))
        return (policy, diagnostics.map(\.description))
    }

    @Test("every allowance is read")
    func whole() throws {
        let text = """
            rules:
            - name: monitoring
              namespaces: [blue, green]
              allow:
                privileged: true
                hostNetwork: true
                hostPID: true
                hostIPC: true
                capabilities: [NET_ADMIN, ALL]
                sysctls: [net.core.somaxconn]
                hostPaths: [{path: /var/log, readOnly: true}]
                hostPorts: [53, "80-443"]
            """

        #expect(
            read(text).policy
                == NodePolicy(rules: [
                    PolicyRule(
                        name: "monitoring", namespaces: ["blue", "green"],
                        allow: Allowance(
                            privileged: true, hostNetwork: true, hostPID: true, hostIPC: true,
                            capabilities: [try #require(CapabilityChoice("NET_ADMIN")), .all],
                            sysctls: ["net.core.somaxconn"],
                            hostPaths: [HostPathAllowance(path: "/var/log", readOnly: true)],
                            hostPorts: [PortRange(53...53), PortRange(80...443)]))
                ]))
        #expect(read("").policy == NodePolicy())
    }

    @Test(
        "what it gets wrong is told with its place, and nothing of it counts",
        arguments: [
            ("rules: [{name: a, namespaces: ['*'], allow: {privilegd: true}}]", "unknown field \"privilegd\""),
            ("rules: [{name: a, allow: {}}]", "namespaces: Required value"),
            ("rules: [{name: a, namespaces: [b], allow: {capabilities: [FLY]}}]", "unknown capability \"FLY\""),
            ("rules: [{name: a, namespaces: [b], allow: {hostPaths: [{path: var}]}}]", "must be an absolute path"),
            ("rules: [{name: a, namespaces: [b], allow: {hostPorts: [0]}}]", "expected a port"),
            ("rules: [{name: a, namespaces: [b], allow: {hostPorts: ['9-8']}}]", "expected a port"),
            ("rules: {", "policy.yaml:"), ("--- {}\n--- {}", "one document"),
        ])
    func wrong(text: String, words: String) {
        let (policy, findings) = read(text)

        #expect(policy == nil)
        #expect(findings.contains { $0.contains(words) }, "\(findings)")
    }

    @Test(
        "directories of the node's are allowed with what is below them, read-only where it says so",
        arguments: [
            ("/var/log", true, true), ("/var/log/pods", true, true), ("/var/log", false, false),
            ("/var/logs", true, false),
            ("/var/log/../lib", true, false), ("/", true, false), ("var/log", true, false), ("/srv/data", false, true),
        ])
    func hostPaths(path: String, readOnly: Bool, isAllowed: Bool) {
        let allow = Allowance(hostPaths: [
            HostPathAllowance(path: "/var/log", readOnly: true), HostPathAllowance(path: "/srv"),
        ])

        #expect(allow.allows(hostPath: path, readOnly: readOnly) == isAllowed)
    }
}
