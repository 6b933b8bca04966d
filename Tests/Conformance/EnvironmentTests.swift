import Foundation
import Manifests
import Testing

@Suite("Environment and commands")
struct EnvironmentTests {
    private static let objects = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: first}
        data: {color: red, shape: round}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: second}
        data: {color: blue}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: hidden}
        stringData: {word: sesame}

        """

    @Test("rules 74 to 76: $(VAR), order and precedence of variables, command and arguments")
    func variables() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let show = "env | sort; \(Script.patient)"
            try await node.start(
                pod(
                    "web",
                    containers: container(
                        "main", show,
                        "envFrom: [{configMapRef: {name: first}}, {configMapRef: {name: second}}, "
                            + "{secretRef: {name: hidden}, prefix: MY_}]",
                        "env: [{name: A, value: one}, {name: B, value: '$(A)-$(color)-$(MY_word)'}, "
                            + "{name: C, value: '$$(A) $(LATER) $(open $A'}, {name: LATER, value: two}, "
                            + "{name: shape, value: square}]"),
                    "{name: words, image: 'busybox:1.28', command: [sh, -c, 'echo \"$0\" \"$1\" \"$2\"; sleep 4001'], "
                        + "args: ['$(A)', '$$(A)', '$(NO)'], env: [{name: A, value: x y}]}",
                    "{name: alone, image: 'busybox:1.28', args: [sh, -c, 'pwd; sleep 4001'], workingDir: /tmp/new/dir}"),
                others: ["app0/objects.yaml": Self.objects])
            _ = try await node.running("web", ready: "3/3")
            let seen = try await node.logs(of: "web").split(separator: "\n").map(String.init)
            for line in [
                "A=one", "B=one-blue-sesame", "C=$(A) $(LATER) $(open $A", "LATER=two", "MY_word=sesame", "color=blue",
                "shape=square", "HOSTNAME=web",
            ] {
                #expect(seen.contains(line), "\(line) in \(seen)")
            }
            #expect(try await node.logs(of: "web", "words") == "x y $(A) $(NO)\n")
            #expect(try await node.logs(of: "web", "alone") == "/tmp/new/dir\n")
        }
    }

    @Test("rule 76: a command drops the image's own arguments; arguments alone replace them")
    func imageCommand() async throws {
        try await TestNode.use(images: [.unhealthy]) { node in
            // The image says: /usr/bin/serve.
            try await node.start(
                pod("image", containers: "{name: main, image: smlinux/unhealthy, imagePullPolicy: IfNotPresent}"),
                pod(
                    "command",
                    containers: "{name: main, image: smlinux/unhealthy, imagePullPolicy: IfNotPresent, "
                        + "command: [sh, -c, 'echo $#; sleep 4001']}"),
                pod(
                    "args",
                    containers: "{name: main, image: smlinux/unhealthy, imagePullPolicy: IfNotPresent, "
                        + "args: [echo, only these]}"))
            _ = try await node.running("image")
            #expect(try await node.inside("image", "tr '\\0' ' ' < /proc/1/cmdline").contains("/usr/bin/serve"))
            _ = try await node.running("command")
            #expect(try await node.logs(of: "command") == "0\n")
            try await node.pod("args", "has said its word") { $0.end(of: "main") != nil }
            #expect(try await node.logs(of: "args") == "only these\n")
        }
    }

    @Test("rule 77: a container is told of its Pod, its node and its resources")
    func downwardAPI() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let fields = [
                "NAME": "metadata.name", "NAMESPACE": "metadata.namespace", "UID_": "metadata.uid",
                "LABEL": "metadata.labels['tier']", "NOTE": "metadata.annotations['note']", "NODE": "spec.nodeName",
                "ACCOUNT": "spec.serviceAccountName", "IP": "status.podIP", "IPS": "status.podIPs",
                "HOST": "status.hostIP", "HOSTS": "status.hostIPs",
            ]
            let resources = [
                "CPU": "limits.cpu", "CPU_M": "limits.cpu, divisor: 1m", "MEM": "limits.memory",
                "MEM_MI": "requests.memory, divisor: 1Mi", "CPU_R": "requests.cpu, divisor: 1m",
                "DISK_MI": "limits.ephemeral-storage, divisor: 1Mi", "DISK_R": "requests.ephemeral-storage",
            ]
            let entries =
                fields.map { "{name: \($0), valueFrom: {fieldRef: {fieldPath: \"\($1)\"}}}" }
                + resources.map { "{name: \($0), valueFrom: {resourceFieldRef: {resource: \($1)}}}" }
            try await node.start(
                pod(
                    "web", "serviceAccountName: robot",
                    containers: container(
                        "main", Script.patient, "env: [\(entries.joined(separator: ", "))]",
                        "resources: {limits: {cpu: 1500m, memory: 64Mi, ephemeral-storage: 1Gi}, "
                            + "requests: {cpu: 250m, memory: 33000Ki, ephemeral-storage: 1Mi}}"),
                    container(
                        "unlimited", Script.patient,
                        "env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}, "
                            + "{name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory}}}, "
                            + "{name: OTHER, valueFrom: {resourceFieldRef: {containerName: main, resource: limits.memory}}}]"
                    )
                ).replacing("labels:", with: "annotations: {note: 'two words'}, labels:"),
                variables: ["RECONCILE_AGENT_SYSTEM_RESERVED": "cpu=300m,memory=64Mi"])
            let pod = try await node.running("web", ready: "2/2")
            let seen = try await node.inside("web", "env").split(separator: "\n").map(String.init)
            let host = pod.json["status"]?["hostIP"]?.string ?? "?"
            for line in [
                "NAME=web", "NAMESPACE=default", "UID_=\(pod.uid ?? "?")", "LABEL=front", "NOTE=two words",
                "NODE=node-1",
                "ACCOUNT=robot", "IP=\(pod.address ?? "?")", "IPS=\(pod.address ?? "?")", "HOST=\(host)",
                "HOSTS=\(host)",
                // Rounded up, each by its divisor.
                "CPU=2", "CPU_M=1500", "MEM=67108864", "MEM_MI=33", "CPU_R=250", "DISK_MI=1024", "DISK_R=1048576",
            ] {
                #expect(seen.contains(line), "\(line) in \(seen)")
            }
            // What the node may give to Pods: what the machine has, without what is reserved.
            let unlimited = try await node.inside("web", "echo $CPU $MEM $OTHER", of: "unlimited")
            let (cpu, memory) = (ProcessInfo.processInfo.processorCount, ProcessInfo.processInfo.physicalMemory)
            #expect(unlimited == "\(cpu * 1000 - 300) \(memory - (64 << 20)) 67108864\n")
        }
    }
}
