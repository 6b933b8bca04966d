import Manifests
import Testing

/// What a manifest says ends up in files that others read line by line and word by word.
@Suite("No value of a manifest is more than the one word it is to be")
struct InjectionTests {
    @Test(
        "a line feed, a blank or a tab in it is refused where it stands",
        arguments: [
            ("spec.hostname", #"hostname: "a\n10.0.0.1 victim""#),
            ("spec.subdomain", #"subdomain: "a\nb""#),
            ("spec.hostAliases[0].ip", #"hostAliases: [{ip: "10.0.0.1\n10.0.0.2", hostnames: [a]}]"#),
            ("spec.hostAliases[0].hostnames[0]", #"hostAliases: [{ip: 10.0.0.1, hostnames: ["a\n10.0.0.2 victim"]}]"#),
            ("spec.hostAliases[0].hostnames[0]", #"hostAliases: [{ip: 10.0.0.1, hostnames: ["a\tvictim"]}]"#),
            ("spec.dnsConfig.nameservers[0]", #"dnsConfig: {nameservers: ["10.0.0.1\noptions x"]}"#),
            ("spec.dnsConfig.searches[0]", #"dnsConfig: {searches: ["a\nnameserver 10.0.0.1"]}"#),
            ("spec.dnsConfig.options[0].name", #"dnsConfig: {options: [{name: "x\nnameserver 10.0.0.1"}]}"#),
            ("spec.dnsConfig.options[0].value", #"dnsConfig: {options: [{name: x, value: "1 use-vc"}]}"#),
            (
                "spec.securityContext.sysctls[0].value",
                #"securityContext: {sysctls: [{name: net.ipv4.ping_group_range, value: "0 1\n2"}]}"#
            ),
            (
                "spec.securityContext.sysctls[0].name",
                #"securityContext: {sysctls: [{name: "net.a+kernel.core_pattern", value: "1"}]}"#
            ),
            ("spec.serviceAccountName", #"serviceAccountName: "a\nb""#),
            ("spec.nodeName", #"nodeName: "a\nb""#),
        ])
    func refused(path: String, field: String) {
        let diagnostics = load(manifest(spec: field)).diagnostics

        #expect(diagnostics.contains { $0.severity == .error && $0.message.contains(path) }, "\(diagnostics)")
    }

    @Test(
        "a name that would be a path is refused",
        arguments: [
            ("metadata.name", "name: ../../etc"), ("metadata.namespace", "name: web\n  namespace: a/../b"),
            ("metadata.name", #"name: "a\nb""#),
        ])
    func names(path: String, metadata: String) {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata:
              \(metadata)
            spec:
              containers: [{name: c, image: i}]
            """
        let loaded = load(text)

        #expect(loaded.pods.isEmpty)
        #expect(loaded.diagnostics.contains { $0.message.contains(path) }, "\(loaded.diagnostics)")
    }

    @Test(
        "no number of a user's or group's overflows into another's",
        arguments: ["2147483648", "4294967296", "-1", "1e10", "18446744073709551616"],
        ["runAsUser", "runAsGroup", "fsGroup"])
    func numbers(number: String, field: String) {
        let loaded = load(manifest(spec: "securityContext: {\(field): \(number)}"))

        #expect(loaded.pods.isEmpty && !loaded.diagnostics.isEmpty)
    }
}
