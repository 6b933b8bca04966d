import Foundation
import NodeFixture

/// The same Pod by `podman kube play`, on the node's network: podman is spared the link that ours has.
struct PodmanBench {
    static let runs = 10

    private let node: TestNode

    /// Nil, with a word, where podman is not installed.
    static func make() throws -> PodmanBench? {
        let node = try TestNode()
        guard (try? node.shell("for tool in podman runc conmon jq; do command -v $tool; done")) != nil else {
            Report.note("podman kube play: not measured, podman, runc, conmon or jq is missing")
            node.clean()
            return nil
        }
        let bench = PodmanBench(node: node)
        let archive = try node.busyboxArchive()
        try node.shell(
            """
            cat > runc <<'RUNC'
            #!/bin/sh
            # runc without the limits that a machine without CAP_SYS_RESOURCE may not set
            previous= bundle= create=
            for argument; do
                case $previous in --bundle | -b) bundle=$argument ;; esac
                [ "$argument" != create ] || create=yes
                previous=$argument
            done
            if [ -n "$create" ] && [ -n "$bundle" ]; then
                jq 'del(.process.rlimits)' "$bundle/config.json" > "$bundle/config.new"
                mv "$bundle/config.new" "$bundle/config.json"
            fi
            exec \(try node.shell("command -v runc").trimmingCharacters(in: .whitespacesAndNewlines)) "$@"
            RUNC
            chmod +x runc
            echo '{"default": [{"type": "insecureAcceptAnything"}]}' > policy.json
            \(bench.podman) load --quiet --signature-policy policy.json -i \(archive)
            """)
        return bench
    }

    private var podman: String {
        "podman --root \(node.base)/podman --runroot \(node.base)/podman-run --tmpdir \(node.base)/podman-tmp "
            + "--cgroup-manager cgroupfs --events-backend none --runtime \(node.base)/runc"
    }

    /// From the call to its return: the container runs then.
    func plays() throws -> Sample {
        var took: [Double] = []
        for run in 0..<Self.runs {
            try node.shell(
                """
                cat > p\(run).yaml <<POD
                apiVersion: v1
                kind: Pod
                metadata: {name: p\(run)}
                spec:
                  hostNetwork: true
                  containers:
                  - {name: main, image: 'localhost/busybox:test', imagePullPolicy: Never, command: [sleep, '1000']}
                POD
                """)
            let begun = microseconds()
            try node.shell("\(podman) kube play p\(run).yaml")
            // The first one builds podman's own pause image.
            if run > 0 { took.append(microseconds() - begun) }
        }
        return Sample("podman kube play, node's network", took)
    }

    func end() {
        _ = try? node.shell("\(podman) pod rm --all --force --time 0 && umount podman/overlay")
        node.clean()
    }
}
