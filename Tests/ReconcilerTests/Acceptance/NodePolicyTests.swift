import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("The node's policy")
struct NodePolicyTests {
    private let position = SourcePosition(file: "web/pod.yaml", line: 3, column: 1)

    private func refusals(_ spec: PodSpec, _ rules: [PolicyRule] = [], namespace: String = "blue") -> [String] {
        NodePolicy(rules: rules)
            .refusals(
                of: LoadedPod(
                    pod: Pod(metadata: ObjectMeta(name: "p", namespace: namespace), spec: spec), written: .null,
                    position: position)
            )
            .map(\.message)
    }

    private func spec(_ context: SecurityContext? = nil, namespaces: PodNamespaces = PodNamespaces()) -> PodSpec {
        var spec = PodSpec(containers: [Container(name: "c", image: "i", securityContext: context)])
        spec.namespaces = namespaces
        return spec
    }

    @Test("what every Pod may needs no rule")
    func nothingAsked() throws {
        let usual = try #require(CapabilityChoice("NET_BIND_SERVICE"))

        #expect(refusals(spec()) == [])
        #expect(refusals(spec(SecurityContext(capabilities: Capabilities(add: [usual], drop: [.all])))) == [])
        #expect(refusals(spec(namespaces: PodNamespaces(hostPID: false, shareProcessNamespace: true))) == [])
        var safe = spec()
        safe.securityContext = PodSecurityContext(sysctls: [Sysctl(name: "net.ipv4.tcp_syncookies", value: "1")])
        #expect(refusals(safe) == [])
    }

    @Test("without a rule everything else is refused, each by its field")
    func denied() throws {
        var spec = spec(
            SecurityContext(
                capabilities: Capabilities(add: [.all, try #require(CapabilityChoice("NET_ADMIN"))]), privileged: true),
            namespaces: PodNamespaces(hostNetwork: true, hostPID: true, hostIPC: true))
        spec.securityContext = PodSecurityContext(sysctls: [Sysctl(name: "net/core/somaxconn", value: "1")])
        let reason = "Forbidden by the node's policy: no rule is for namespace blue"

        #expect(
            refusals(spec)
                == [
                    "spec.hostNetwork", "spec.hostPID", "spec.hostIPC", "spec.securityContext.sysctls[0].name",
                    "spec.containers[0].securityContext.privileged",
                    "spec.containers[0].securityContext.capabilities.add[0]",
                    "spec.containers[0].securityContext.capabilities.add[1]",
                ].map { "\($0): \(reason)" })
    }

    @Test("a rule that is for the namespace and does not allow it is named")
    func namedRule() {
        let rule = PolicyRule(name: "monitoring", namespaces: ["blue"], allow: Allowance(hostPID: true))

        #expect(
            refusals(spec(SecurityContext(privileged: true), namespaces: PodNamespaces(hostPID: true)), [rule])
                == [
                    "spec.containers[0].securityContext.privileged: Forbidden by the node's policy: rule \"monitoring\" "
                        + "is for namespace blue and does not allow privileged containers"
                ])
    }

    @Test("one rule that allows it is enough, for its namespaces and no other")
    func allowed() throws {
        let rules = [
            PolicyRule(name: "a", namespaces: ["green"], allow: Allowance(privileged: true)),
            PolicyRule(
                name: "b", namespaces: ["*"], allow: Allowance(capabilities: [try #require(.init("NET_ADMIN"))])),
        ]
        let privileged = spec(SecurityContext(privileged: true))
        let added = spec(SecurityContext(capabilities: Capabilities(add: [try #require(.init("CAP_NET_ADMIN"))])))

        #expect(refusals(privileged, rules, namespace: "green") == [])
        #expect(refusals(privileged, rules).count == 1)
        #expect(refusals(added, rules) == [])
    }

    @Test("ports of the node from 1024 on are everybody's; those below need a rule, but not in the node's own network")
    func hostPorts() throws {
        func asking(_ port: Int, namespaces: PodNamespaces = PodNamespaces()) -> PodSpec {
            var spec = spec(namespaces: namespaces)
            spec.containers[0].ports = [ContainerPort(containerPort: port, hostPort: port)]
            return spec
        }
        let rule = PolicyRule(
            name: "web", namespaces: ["blue"],
            allow: Allowance(hostNetwork: true, hostPorts: [PortRange(80...80), PortRange(440...443)]))
        let reason = "Forbidden by the node's policy: no rule is for namespace blue"

        #expect(refusals(asking(1024)) == [])
        #expect(refusals(asking(1023)) == ["spec.containers[0].ports[0].hostPort: \(reason)"])
        #expect(refusals(asking(443), [rule]) == [])
        #expect(refusals(asking(80), [rule]) == [])
        #expect(refusals(asking(444), [rule]).count == 1)
        #expect(refusals(asking(22, namespaces: PodNamespaces(hostNetwork: true)), [rule]) == [])
    }

    struct Mounting: Sendable {
        var type = HostPathType.any
        var mounts: [VolumeMount] = []
        /// What would have to be allowed; nil where reading is enough.
        let asks: String?

        static func mount(readOnly: Bool, _ propagation: MountPropagation? = nil) -> VolumeMount {
            VolumeMount(name: "v", mountPath: "/v", readOnly: readOnly, mountPropagation: propagation)
        }
    }

    @Test(
        "a path that may only be read is not written, made, or shown with later mounts",
        arguments: [
            Mounting(mounts: [Mounting.mount(readOnly: true)], asks: nil), Mounting(type: .directory, asks: nil),
            Mounting(mounts: [Mounting.mount(readOnly: true, MountPropagation.none)], asks: nil),
            Mounting(mounts: [Mounting.mount(readOnly: true), Mounting.mount(readOnly: false)], asks: "for writing"),
            Mounting(
                type: .fileOrCreate, mounts: [Mounting.mount(readOnly: true)], asks: "of type FileOrCreate"),
            Mounting(type: .directoryOrCreate, asks: "of type DirectoryOrCreate"),
            Mounting(
                mounts: [Mounting.mount(readOnly: true, .hostToContainer)],
                asks: "with mountPropagation HostToContainer"),
        ])
    func readOnlyPaths(table: Mounting) {
        var spec = spec()
        spec.volumes = [Volume(name: "v", hostPath: HostPathVolume(path: "/etc/x", type: table.type))]
        spec.containers[0].volumeMounts = table.mounts
        func refused(readOnly: Bool) -> [String] {
            let allowed = [HostPathAllowance(path: "/etc", readOnly: readOnly)]
            return refusals(
                spec, [PolicyRule(name: "r", namespaces: ["blue"], allow: Allowance(hostPaths: allowed))])
        }

        #expect(
            refused(readOnly: true)
                == (table.asks.map {
                    [
                        "spec.volumes[0].hostPath.path: Forbidden by the node's policy: rule \"r\" is for namespace blue and "
                            + "does not allow the hostPath /etc/x \($0)"
                    ]
                } ?? []))
        #expect(refused(readOnly: false) == [])
    }

    @Test("an application that asks for what is not allowed stays as it was; others are taken over")
    func application() throws {
        let loaded = Manifests.load([
            file("web/pod.yaml", "web", "hostPID: true"), file("shop/pod.yaml", "shop", "restartPolicy: Never"),
        ])
        let acceptance = Acceptance(
            previous: nil, loaded: loaded, revision: RevisionID("r1"), commit: someCommit,
            node: NodeProfile(name: "node-1"), now: moment(0).wall, newUID: { PodUID("u") })

        #expect(acceptance.slice.pods.map(\.name.name) == ["shop"])
        #expect(acceptance.diagnostics.map(\.message).contains { $0.hasPrefix("spec.hostPID: Forbidden") })
    }

    @Test("each refusal stands where the field is written")
    func positions() {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              hostPID: true
              securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}, {value: '1', name: net.core.x}]}
              volumes:
              - name: v
                hostPath:
                  path: /etc
              initContainers:
              - name: i
                image: i
                securityContext: {privileged: true}
              containers:
              - name: c
                image: i
                ports: [{containerPort: 80, hostPort: 80}]
                securityContext:
                  capabilities:
                    add: [CHOWN, NET_ADMIN,
                      ALL]
            """
        let loaded = Manifests.load([ManifestFile(path: "web/pod.yaml", contents: Array(text.utf8))])
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        let found = loaded.pods.flatMap { NodePolicy().refusals(of: $0) }

        #expect(
            found.map { "\($0.position): \($0.message.prefix { $0 != " " })" } == [
                "web/pod.yaml:5:12: spec.hostPID:",
                "web/pod.yaml:6:95: spec.securityContext.sysctls[1].name:",
                "web/pod.yaml:10:13: spec.volumes[0].hostPath.path:",
                "web/pod.yaml:14:35: spec.initContainers[0].securityContext.privileged:",
                "web/pod.yaml:21:22: spec.containers[0].securityContext.capabilities.add[1]:",
                "web/pod.yaml:22:11: spec.containers[0].securityContext.capabilities.add[2]:",
                "web/pod.yaml:18:43: spec.containers[0].ports[0].hostPort:",
            ])
    }

    @Test("a Pod for another node is none of this node's business")
    func elsewhere() {
        let loaded = Manifests.load([file("web/pod.yaml", "web", "hostPID: true\n  nodeName: other")])
        let acceptance = Acceptance(
            previous: nil, loaded: loaded, revision: RevisionID("r1"), commit: someCommit,
            node: NodeProfile(name: "node-1"), now: moment(0).wall, newUID: { PodUID("u") })

        #expect(acceptance.diagnostics.isEmpty)
    }

    private func file(_ path: String, _ name: String, _ spec: String) -> ManifestFile {
        let text =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name)}\nspec:\n  \(spec)\n  containers: [{name: c, image: i}]\n"
        return ManifestFile(path: path, contents: Array(text.utf8))
    }
}
