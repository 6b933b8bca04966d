import Foundation
import Manifests
import Testing

@Suite("Volumes")
struct VolumeTests {
    private static let objects = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: files}
        data: {one: '1', two: '2'}
        binaryData: {bin: AAEC}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: key}
        stringData: {password: hunter2}

        """

    @Test(
        "rule 84: files of objects: modes, items, links through ..data, Secrets in memory, and live change all at once")
    func files() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let sources =
                "[{configMap: {name: files, items: [{key: one, path: a/b}]}}, {secret: {name: key}}, "
                + "{downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}, "
                + "{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]"
            try await node.start(
                pod(
                    "web", "volumes:",
                    "- {name: map, configMap: {name: files}}",
                    "- {name: strict, configMap: {name: files, defaultMode: 0400, items: [{key: one, path: x}, {key: two, path: z, mode: 0755}]}}",
                    "- {name: key, secret: {secretName: key}}",
                    "- {name: absent, configMap: {name: nobody, optional: true}}",
                    "- {name: all, projected: {sources: \(sources)}}",
                    containers: container(
                        "main", Script.patient,
                        "volumeMounts: [{name: map, mountPath: /map}, {name: strict, mountPath: /strict}, "
                            + "{name: key, mountPath: /key}, {name: absent, mountPath: /absent}, {name: all, mountPath: /all}, "
                            + "{name: map, mountPath: /part, subPath: one}]")),
                others: ["app0/objects.yaml": Self.objects])
            let before = try await node.running("web")
            let look =
                "cd /map; cat one two; stat -Lc %a one; readlink one; readlink ..data | cut -c1-2; "
                + "od -An -tx1 bin; cd /strict; ls; stat -Lc %a x z; cat /key/password; echo; ls /absent; "
                + "cat /all/a/b /all/password /all/name"
            #expect(
                try await node.inside("web", look) == """
                    12644
                    ..data/one
                    ..
                     00 01 02
                    x
                    z
                    400
                    755
                    hunter2
                    1hunter2web
                    """)
            let types = try await node.inside("web", "stat -fc %T /key /all; touch /map/new 2>&1 || true")
            #expect(types.hasPrefix("tmpfs\ntmpfs\n"), "\(types)")
            #expect(types.contains("Read-only file system"), "\(types)")

            let changed = Self.objects.replacing("one: '1', two: '2'", with: "one: '7', three: '3'")
            try await node.repository.push(["app0/objects.yaml": changed], "Change the files")
            try await node.eventually("the files have changed") {
                try await node.inside("web", "cd /map; ls; cat one") == "bin\none\nthree\n7"
            }
            #expect(try await node.inside("web", "cat /part") == "1", "what is mounted by subPath stays")
            #expect(try await node.pod("web")?.life == before.life)
        }
    }

    @Test("rules 3 and 84: a key that is missing and is not optional keeps the Pod waiting")
    func missingKey() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", "volumes: [{name: map, configMap: {name: files, items: [{key: none, path: x}]}}]",
                    containers: container("main", Script.patient, "volumeMounts: [{name: map, mountPath: /map}]")),
                pod(
                    "well",
                    "volumes: [{name: map, configMap: {name: files, optional: true, items: [{key: none, path: x}]}}]",
                    containers: container("main", Script.patient, "volumeMounts: [{name: map, mountPath: /map}]")),
                others: ["app0/objects.yaml": Self.objects])
            try await node.eventually("the missing key is told") {
                try await node.events(of: "web").contains("references non-existent config key: none")
            }
            #expect(try await node.row("web")[2] == "ContainerCreating")
            _ = try await node.running("well")
            try await node.repository.push(
                ["app0/objects.yaml": Self.objects.replacing("one: '1'", with: "none: '1'")], "Add the key")
            _ = try await node.running("web")
        }
    }

    @Test("rule 85: an emptyDir is everybody's, shared, outlives its containers, and is memory where it says so")
    func emptyDir() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let mounts = "volumeMounts: [{name: disk, mountPath: /disk}, {name: memory, mountPath: /memory}]"
            try await node.start(
                pod(
                    "web",
                    "volumes: [{name: disk, emptyDir: {}}, {name: memory, emptyDir: {medium: Memory, sizeLimit: 2Mi}}]",
                    containers: container("main", Script.patient, mounts),
                    container("other", Script.patient, mounts, "securityContext: {runAsUser: 65534}")))
            _ = try await node.running("web", ready: "2/2")
            let look =
                "stat -c %a /disk /memory; stat -fc %T /memory; df -k /memory | tail -n 1 | awk '{print $2}'; stat -c %d /disk"
            let seen = try await node.inside("web", look).split(separator: "\n")
            #expect(seen.prefix(2) == ["777", "777"], "\(seen)")
            #expect(seen[2] == "tmpfs" && seen[3] == "2048", "\(seen)")
            let disk = try FileManager.default.attributesOfItem(atPath: node.base)[.systemNumber] as? NSNumber
            #expect(disk.map { $0.stringValue[...] } == seen[4], "\(seen)")
            _ = try await node.inside("web", "echo x > /disk/x; echo y > /memory/y", of: "other")
            for process in try node.processes(named: "sh") where process.isFirstOfContainer { process.kill() }
            _ = try await node.running("web", ready: "2/2") { $0.restarts(of: "main") == 1 }
            #expect(try await node.inside("web", "cat /disk/x /memory/y") == "x\ny\n")
        }
    }

    @Test("rule 86: paths of the node: each type is checked, some are made, and the complaint is the kubelet's")
    func hostPaths() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let base = "\(node.base)/node"
            try FileManager.default.createDirectory(atPath: "\(base)/there", withIntermediateDirectories: true)
            try "here\n".write(toFile: "\(base)/file", atomically: true, encoding: .utf8)
            func mounting(_ name: String, _ path: String, _ type: String) -> String {
                pod(
                    name, "volumes: [{name: v, hostPath: {path: \(base)/\(path), type: '\(type)'}}]",
                    containers: container("main", Script.patient, "volumeMounts: [{name: v, mountPath: /v}]"))
            }
            let wrong = [
                ("a", "file", "Directory", "is not a directory"), ("b", "there", "File", "is not a file"),
                ("c", "absent", "Directory", "is not a directory"), ("d", "file", "Socket", "is not a socket file"),
                ("e", "file", "CharDevice", "is not a character device"),
                ("f", "file", "BlockDevice", "is not a block device"),
            ]
            try await node.start(
                mounting("any", "there", ""), mounting("made", "new/deep", "DirectoryOrCreate"),
                mounting("silent", "silent/deep", ""),
                mounting("touched", "new-file", "FileOrCreate"), mounting("file", "file", "File"),
                others: Dictionary(
                    uniqueKeysWithValues: wrong.map { ("wrong-\($0.0)/pod.yaml", mounting($0.0, $0.1, $0.2)) }),
                variables: ["RECONCILE_AGENT_ALLOW_HOST_PATH": base])
            for name in ["any", "made", "silent", "touched", "file"] { _ = try await node.running(name) }
            #expect(try await node.inside("made", "stat -c %a /v") == "755\n")
            #expect(try await node.inside("silent", "stat -c '%a %F' /v") == "755 directory\n")
            #expect(try await node.inside("touched", "stat -c '%a %s' /v") == "644 0\n")
            #expect(try await node.inside("file", "cat /v") == "here\n")
            for (name, path, _, words) in wrong {
                try await node.eventually("\(name) is told") {
                    try await node.events(of: name).contains(
                        "MountVolume.SetUp failed for volume \"v\" : hostPath type check failed: \(base)/\(path) \(words)"
                    )
                }
            }
        }
    }

    @Test("a path of the node that may only be read cannot be written, nor what is mounted below it")
    func readOnlyPaths() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let base = "\(node.base)/node"
            let rules =
                "rules: [{name: look, namespaces: ['*'], allow: {hostPaths: [{path: \(base), readOnly: true}]}}]"
            try rules.write(toFile: "\(node.base)/policy.yaml", atomically: true, encoding: .utf8)
            let mounting = "mkdir -p \(base)/below && mount -t tmpfs below \(base)/below"
            #expect(try await node.run("/bin/sh", ["-c", mounting]).status == 0)
            func reading(_ name: String, _ part: String) -> String {
                pod(
                    name, "volumes: [{name: v, hostPath: {path: \(base)}}]",
                    containers: container(
                        "main", Script.patient,
                        "volumeMounts: [{name: v, mountPath: /v, readOnly: true\(part)}]"))
            }
            try await node.start(
                reading("whole", ""), reading("part", ", subPath: absent"),
                variables: ["RECONCILE_AGENT_POLICY": "\(node.base)/policy.yaml"])
            _ = try await node.running("whole")
            let tries = "for place in /v /v/below; do touch $place/x 2>&1 || true; done"
            #expect(
                try await node.inside("whole", tries)
                    == "touch: /v/x: Read-only file system\ntouch: /v/below/x: Read-only file system\n")
            try await node.pod("part", "cannot be made") { $0.waiting("main") == "CreateContainerConfigError" }
            #expect(!FileManager.default.fileExists(atPath: "\(base)/absent"))
            try await node.repository.push(["app0/pod.yaml": nil, "app1/pod.yaml": nil], "End them")
            try await node.eventually("they are gone") { try await node.pod("whole") == nil }
            #expect(try await node.run("/bin/umount", ["\(base)/below"]).status == 0)
        }
    }

    @Test(
        "rules 88 and 89: parts of volumes lead nowhere else, are made where they are missing, and are read-only where they say so"
    )
    func parts() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let volume = "volumes: [{name: v, emptyDir: {}}]"
            try await node.start(
                pod(
                    "parts", volume,
                    initContainers: [
                        container(
                            "plant",
                            "echo secret > /v/secret; ln -s / /v/root; ln -s ../../../.. /v/up; mkdir /v/d; echo d > /v/d/f",
                            "volumeMounts: [{name: v, mountPath: /v}]")
                    ],
                    containers: container(
                        "main", Script.patient,
                        "env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]",
                        "volumeMounts: [{name: v, mountPath: /made, subPathExpr: $(POD)/deep}, "
                            + "{name: v, mountPath: /file, subPath: secret}, {name: v, mountPath: /d, subPath: d, readOnly: true}, "
                            + "{name: v, mountPath: /root, subPath: root}, {name: v, mountPath: /up, subPath: up}, "
                            + "{name: v, mountPath: /all}]")),
                pod(
                    "unexpanded", volume,
                    containers: container(
                        "main", Script.patient, "volumeMounts: [{name: v, mountPath: /v, subPathExpr: $(NOBODY)/x}]")))
            _ = try await node.running("parts")
            let seen = try await node.inside(
                "parts",
                "cat /file; cat /d/f; ls /all; [ -d /all/parts/deep ] && echo made; touch /d/x 2>&1; ls /root /up")
            #expect(
                seen.hasPrefix("secret\nd\nd\nparts\nroot\nsecret\nup\nmade\ntouch: /d/x: Read-only file system\n"),
                "\(seen)")
            for listing in seen.split(separator: "/root:").dropFirst() {
                #expect(listing.contains("secret"), "a link to / leads to the volume's own top: \(seen)")
            }
            #expect(!seen.contains("vmlinuz") && !seen.contains("proc\n"), "nothing of the node's: \(seen)")
            try await node.pod("unexpanded", "cannot be made") { $0.waiting("main") == "CreateContainerConfigError" }
        }
    }

    @Test(
        "rule 90: an image as a volume: its files, which nobody writes or runs; whoever does not mount it waits for nothing"
    )
    func images() async throws {
        try await TestNode.use(images: [.busybox, .nginx]) { node in
            let mounts = "volumeMounts: [{name: web, mountPath: /web}, {name: web, mountPath: /etc2, subPath: etc}]"
            try await node.start(
                pod(
                    "web", "volumes: [{name: web, image: {reference: 'nginx:1.14'}}]",
                    containers: container("main", Script.patient, mounts)),
                pod(
                    "waits",
                    "volumes: [{name: lost, image: {reference: 'absent:1', pullPolicy: Never}}]",
                    containers: container("main", Script.patient, "volumeMounts: [{name: lost, mountPath: /lost}]"),
                    container("free", Script.patient)),
                pod(
                    "lacks", "volumes: [{name: web, image: {reference: 'nginx:1.14'}}]",
                    containers: container(
                        "main", Script.patient, "volumeMounts: [{name: web, mountPath: /x, subPath: not/there}]")))
            try await node.running("web")
            let look =
                "test \"$(cat /etc2/passwd)\" = \"$(cat /web/etc/passwd)\" && echo same; "
                + "touch /web/x 2>&1; /web/usr/sbin/nginx -v 2>&1; test -d /web/usr && echo whole"
            let seen = try await node.inside("web", look)
            #expect(seen.contains("same\n") && seen.contains("whole"), "\(seen)")
            #expect(seen.contains("Read-only file system") && seen.contains("Permission denied"), "\(seen)")

            let waits = try await node.pod("waits", "waits for its image") { $0.waiting("main") == "ErrImageNeverPull" }
            #expect(waits.waiting("free") == nil)
            #expect(
                try await node.events(of: "waits")
                    .contains("Container image \"absent:1\" is not present with pull policy of Never"))
            try await node.pod("lacks", "says what its image does not have") {
                $0.waiting("main") == "CreateContainerError"
            }
            let shown = try await node.agent("describe", "pod", "web").output
            #expect(shown.contains("Type:        Image (a container image or OCI artifact)"), "\(shown)")

            let kept = try await node.agent("image", "remove", "nginx:1.14")
            #expect(kept.errors.contains("image nginx:1.14 is used by container main of Pod default/"), "\(kept)")
            #expect(try await node.agent("image", "prune").status == 0)
            #expect(try await node.agent("image", "list").output.contains("nginx:1.14"))
        }
    }

    @Test("rule 90: the image of a volume comes from its registry, by its policy, and the events say so of the Pod")
    func pulled() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let registry = try await NodeRegistry(on: node)
            let manifest = pod(
                "web", "volumes: [{name: web, image: {reference: 'nginx:1.14'}}]",
                containers: container("main", Script.patient, "volumeMounts: [{name: web, mountPath: /web}]"))
            try await node.start(manifest, variables: registry.variables)
            let waits = try await node.pod("web", "waits for its image") { $0.waiting("main") == "ImagePullBackOff" }
            let message = waits.container("main")?["state"]?["waiting"]?["message"]?.string ?? ""
            #expect(message.hasPrefix("Back-off pulling image \"nginx:1.14\": ErrImagePull: "), "\(message)")

            try await registry.push(.nginx, as: "library/nginx:1.14")
            #expect(try await node.agent("sync", "--pod", "web").status == 0)
            try await node.running("web")
            let events = try await node.events(of: "web")
            #expect(events.contains("Successfully pulled image \"nginx:1.14\" in "), "\(events)")
            #expect(try await node.inside("web", "test -d /web/usr && echo there") == "there\n")
        }
    }
}
