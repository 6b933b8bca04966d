import Manifests
import Testing

@Suite("Groups of volumes, users of a Pod's own, and mounts that reach the node")
struct OwnUsersTests {
    @Test("every field arrives, and is written back")
    func everyField() throws {
        let text = manifest(
            spec: """
                hostUsers: false
                  securityContext: {fsGroup: 65535, fsGroupChangePolicy: OnRootMismatch}
                  volumes: [{name: data, emptyDir: {}}]
                """,
            container: """
                securityContext: {procMount: Unmasked, privileged: true}
                    volumeMounts: [{name: data, mountPath: /data, mountPropagation: Bidirectional}]
                """)
        let pod = try #require(load(text).pods.first?.pod, "\(findings(in: text))")

        #expect(pod.spec.namespaces.hostUsers == false)
        #expect(pod.spec.securityContext?.fsGroup == 65535)
        #expect(pod.spec.securityContext?.fsGroupChangePolicy == .onRootMismatch)
        #expect(pod.spec.containers.first?.securityContext?.procMount == .unmasked)
        #expect(pod.spec.containers.first?.volumeMounts.first?.mountPropagation == .bidirectional)
        #expect(pod.encoded["spec"]?["hostUsers"] == false)
        #expect(pod.encoded["spec"]?["securityContext"]?["fsGroup"] == 65535)
    }

    @Test(
        "what does not go together is refused in Kubernetes' words",
        arguments: [
            (
                "hostUsers: false\n  hostNetwork: true", "",
                "spec.hostNetwork: Forbidden: when `hostUsers` is false"
            ),
            ("hostUsers: false\n  hostPID: true", "", "spec.hostPID: Forbidden: when `hostUsers` is false"),
            ("hostUsers: false\n  hostIPC: true", "", "spec.hostIPC: Forbidden: when `hostUsers` is false"),
            (
                "hostUsers: true", "securityContext: {procMount: Unmasked}",
                "spec.containers[0].securityContext.procMount: Invalid value: \"Unmasked\": `hostUsers` must be false to use "
                    + "`Unmasked`"
            ),
            (
                "hostUsers: false", "securityContext: {runAsUser: 65536}",
                "spec.containers[0].securityContext.runAsUser: Invalid value: 65536: must be between 0 and 65535, inclusive, "
                    + "when `hostUsers` is false"
            ),
            (
                "hostUsers: false\n  securityContext: {supplementalGroups: [1, 70000]}", "",
                "spec.securityContext.supplementalGroups[1]: Invalid value: 70000"
            ),
            ("securityContext: {fsGroup: -1}", "", "spec.securityContext.fsGroup: Invalid value: -1"),
            (
                "securityContext: {fsGroupChangePolicy: Sometimes}", "",
                "spec.securityContext.fsGroupChangePolicy: Unsupported value: \"Sometimes\""
            ),
            (
                "volumes: [{name: d, emptyDir: {}}]",
                "volumeMounts: [{name: d, mountPath: /d, mountPropagation: Bidirectional}]",
                "spec.containers[0].volumeMounts[0].mountPropagation: Forbidden: Bidirectional mount propagation is available "
                    + "only to privileged containers"
            ),
            (
                "volumes: [{name: d, emptyDir: {}}]",
                "securityContext: {privileged: true}\n    volumeMounts: [{name: d, mountPath: /d, readOnly: true, "
                    + "recursiveReadOnly: Enabled, mountPropagation: Bidirectional}]",
                "Forbidden: may only be specified when mountPropagation is None or not specified"
            ),
        ])
    func refused(spec: String, container: String, words: String) {
        let diagnostics = load(manifest(spec: spec, container: container)).diagnostics

        #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
    }
}
