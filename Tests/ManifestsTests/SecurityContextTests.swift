import Manifests
import Testing

@Suite("Security contexts")
struct SecurityContextTests {
    @Test("every field arrives, and is written back")
    func everyField() throws {
        let text = manifest(
            spec: """
                securityContext: {runAsUser: 1, runAsGroup: 2, runAsNonRoot: true, supplementalGroups: [3, 4], \
                supplementalGroupsPolicy: Strict, seccompProfile: {type: RuntimeDefault}, \
                sysctls: [{name: kernel/shm_rmid_forced, value: "1"}]}
                """,
            container: """
                securityContext: {runAsUser: 5, runAsGroup: 6, runAsNonRoot: false, readOnlyRootFilesystem: true, \
                procMount: Default, capabilities: {drop: [ALL, CAP_NET_RAW]}, \
                seccompProfile: {type: Localhost, localhostProfile: a/b.json}}
                """)
        let pod = try #require(load(text).pods.first?.pod)

        #expect(
            pod.spec.securityContext
                == PodSecurityContext(
                    runAsUser: 1, runAsGroup: 2, runAsNonRoot: true, supplementalGroups: [3, 4],
                    supplementalGroupsPolicy: .strict, seccompProfile: SeccompSource(type: .runtimeDefault),
                    sysctls: [Sysctl(name: "kernel/shm_rmid_forced", value: "1")]))
        let context = try #require(pod.spec.containers.first?.securityContext)
        #expect(
            context
                == SecurityContext(
                    capabilities: Capabilities(drop: [.all, try #require(CapabilityChoice("NET_RAW"))]),
                    procMount: .default, readOnlyRootFilesystem: true, runAsUser: 5, runAsGroup: 6, runAsNonRoot: false,
                    seccompProfile: SeccompSource(type: .localhost, localhostProfile: "a/b.json")))
        #expect(pod.encoded["spec"]?["securityContext"]?["runAsUser"] == 1)
        #expect(pod.encoded["spec"]?["containers"]?[0]?["securityContext"]?["capabilities"]?["drop"]?[1] == "NET_RAW")
    }

    @Test(
        "namespaces and kernel parameters are held to each other",
        arguments: [
            (
                "hostPID: true\n  shareProcessNamespace: true",
                "ShareProcessNamespace and HostPID cannot both be enabled"
            ),
            (
                "hostNetwork: true\n  securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]}",
                "spec.securityContext.sysctls[0].name: Invalid value: \"net.ipv4.tcp_syncookies\": may not be specified when "
                    + "'hostNetwork' is true"
            ),
            (
                "hostIPC: true\n  securityContext: {sysctls: [{name: kernel.shmmax, value: '1'}]}",
                "may not be specified when 'hostIPC' is true"
            ),
            (
                "hostNetwork: true\n  hostnameOverride: db.example.org",
                "spec.hostnameOverride: Forbidden: may not be set when `hostNetwork` is true"
            ),
            (
                "setHostnameAsFQDN: true\n  hostnameOverride: db.example.org",
                "spec.hostnameOverride: Forbidden: may not be set when `setHostnameAsFQDN` is true"
            ),
            ("hostnameOverride: \(String(repeating: "a", count: 63)).b", "must be no more than 64 bytes"),
            ("securityContext: {sysctls: [{name: kernel.core_pattern, value: x}]}", "is the whole node's"),
            ("securityContext: {sysctls: [{name: net/../kernel/x, value: x}]}", "match regex"),
            ("securityContext: {sysctls: [{name: kernel.sem, value: \"1\\n2\"}]}", "must be one line"),
            (
                "securityContext: {sysctls: [{name: net.a, value: '1'}, {name: net/a, value: '2'}]}",
                "Duplicate value: \"net.a\""
            ),
        ])
    func namespaces(spec: String, words: String) {
        let diagnostics = load(manifest(spec: spec)).diagnostics

        #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
    }

    @Test("a kernel parameter's file follows from its name, with dots or with slashes")
    func sysctls() {
        #expect(Sysctl(name: "net.ipv4.conf.eth0/100.mtu", value: "").path == "net/ipv4/conf/eth0.100/mtu")
        #expect(Sysctl(name: "net/ipv4/conf/eth0.100/mtu", value: "").dottedName == "net.ipv4.conf.eth0/100.mtu")
        #expect(Sysctl(name: "fs.mqueue.msg_max", value: "").namespace == .ipc)
        #expect(Sysctl(name: "kernel.hostname", value: "").namespace == nil)
    }

    @Test(
        "what Kubernetes refuses is refused in its words",
        arguments: [
            ("runAsUser: -1", "runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"),
            ("runAsGroup: 2147483648", "Invalid value: 2147483648: must be between 0 and 2147483647, inclusive"),
            ("capabilities: {drop: [FLY]}", "unknown capability \"FLY\""),
            (
                "{privileged: true, allowPrivilegeEscalation: false}",
                "allowPrivilegeEscalation: Invalid value: false: cannot set `allowPrivilegeEscalation` to false and "
                    + "`privileged` to true"
            ),
            (
                "{capabilities: {add: [CAP_SYS_ADMIN]}, allowPrivilegeEscalation: false}",
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            ),
            ("procMount: Some", "Unsupported value: \"Some\""),
            ("seccompProfile: {type: Some}", "Unsupported value: \"Some\""),
            (
                "seccompProfile: {type: Localhost}",
                "localhostProfile: Required value: must be set when seccomp type is Localhost"
            ),
            (
                "seccompProfile: {type: Localhost, localhostProfile: /a}",
                "Invalid value: \"/a\": must be a relative path"
            ),
            ("seccompProfile: {type: Localhost, localhostProfile: a/../b}", "must not contain '..'"),
            (
                "seccompProfile: {type: Unconfined, localhostProfile: a}",
                "localhostProfile: Invalid value: \"a\": can only be set when seccomp type is Localhost"
            ),
        ])
    func refused(field: String, words: String) {
        let diagnostics = load(
            manifest(container: field.hasPrefix("{") ? "securityContext: \(field)" : "securityContext: {\(field)}")
        ).diagnostics

        #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
    }
}
