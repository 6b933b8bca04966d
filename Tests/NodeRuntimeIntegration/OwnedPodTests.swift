import Foundation
import Glibc
import Manifests
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("Pods whose volumes have a group, and Pods with users of their own")
struct OwnedPodTests {
    private static let script = "trap 'exit 0' TERM; while :; do usleep 20000; done"
    private static let volumes = [
        Volume(name: "disk", emptyDir: EmptyDirVolume()),
        Volume(name: "fast", emptyDir: EmptyDirVolume(medium: .memory)),
        Volume(name: "data", persistentVolumeClaim: ClaimVolume(claimName: "db")),
        Volume(
            name: "words",
            downwardAPI: DownwardAPIVolume(
                items: [DownwardAPIFile(path: "name", fieldRef: ObjectFieldSelector(fieldPath: "metadata.name"))],
                defaultMode: 0o400)),
    ]

    private func make(
        _ name: String = "web", context: PodSecurityContext? = nil, container: SecurityContext? = nil,
        namespaces: PodNamespaces = PodNamespaces(), mounts: [VolumeMount]? = nil
    ) -> AcceptedPod {
        let base = AcceptedPod.make(name, running: Self.script, securityContext: container)
        var pod = base.pod
        pod.spec.volumes = Self.volumes
        pod.spec.containers[0].volumeMounts =
            mounts ?? Self.volumes.map { VolumeMount(name: $0.name, mountPath: "/\($0.name)") }
        pod.spec.securityContext = context
        pod.spec.namespaces = namespaces
        return AcceptedPod(
            uid: base.uid, pod: pod, digest: base.digest, written: pod.encoded, application: base.application,
            createdAt: base.createdAt, file: base.file)
    }

    private func start(_ accepted: AcceptedPod, _ agent: TestAgent) throws {
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        try agent.perform(.mountVolumes, accepted.uid)
        try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
    }

    private func run(_ script: String, _ agent: TestAgent, _ accepted: AcceptedPod) throws -> [String] {
        try agent.exec(["sh", "-c", script], accepted.uid).output.split(separator: "\n").map(String.init)
    }

    /// "GID MODE" of each path.
    private static let look = "busybox stat -c '%g %a'"

    @Test("fsGroup: its processes are in the group, of execs too, and every volume of its own belongs to it")
    func fsGroup() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make(context: PodSecurityContext(runAsUser: 1000, fsGroup: 4321))
        try start(accepted, agent)

        let groups = try run("grep Groups /proc/1/status /proc/self/status", agent, accepted)
        #expect(groups.count == 2 && groups.allSatisfy { $0.contains("4321") }, "\(groups)")
        #expect(try run("\(Self.look) /disk /fast /data", agent, accepted) == Array(repeating: "4321 2777", count: 3))
        #expect(try run("\(Self.look) -L /words/name", agent, accepted) == ["4321 440"])
        #expect(
            try run("touch /disk/f /data/f; \(Self.look) /disk/f /data/f; cat /words/name", agent, accepted)
                == ["4321 644", "4321 644", "web"])
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test("fsGroupChangePolicy OnRootMismatch leaves a claim alone that looks right, and gives away one that does not")
    func onRootMismatch() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        try node.shell("mkdir -p state/claims/default_db && touch state/claims/default_db/f")
        try node.shell("chgrp 4321 state/claims/default_db && chmod 2770 state/claims/default_db")
        let accepted = make(context: PodSecurityContext(fsGroup: 4321, fsGroupChangePolicy: .onRootMismatch))
        try start(accepted, agent)
        #expect(try run("\(Self.look) /data/f", agent, accepted) == ["0 644"])
        try agent.perform(.stopSandbox, accepted.uid)

        let other = make("other", context: PodSecurityContext(fsGroup: 5000, fsGroupChangePolicy: .onRootMismatch))
        try start(other, agent)
        #expect(try run("\(Self.look) /data/f", agent, other) == ["5000 664"])
        try agent.perform(.stopSandbox, other.uid)
    }

    @Test(
        "hostUsers: false gives each Pod 65,536 users that nobody else has, kept over the agent's death, given back with the Pod",
        .enabled(if: isLinux(atLeast: 6, 3), "takes Linux 6.3"))
    func ownUsers() throws {
        let node = try TestNode()
        defer { node.clean() }
        var agent = try node.agentWithImage()
        let pods = ["a", "b"].map {
            make($0, context: PodSecurityContext(fsGroup: 4321), namespaces: PodNamespaces(hostUsers: false))
        }
        for pod in pods { try start(pod, agent) }

        let ranges = try pods.map { try #require(try agent.observe($0.uid)?.record.users) }
        #expect(Set(ranges).count == 2 && ranges.allSatisfy { $0.first % 65_536 == 0 && $0.first > 0 })
        for (pod, range) in zip(pods, ranges) {
            let map = try run("busybox awk '{ print $1, $2, $3 }' /proc/self/uid_map", agent, pod)
            #expect(map == ["0 \(range.first) 65536"])
            #expect(
                try run(
                    "id -u; echo x > /disk/f && echo y > /data/\(pod.pod.metadata.name) && cat /words/name", agent, pod)
                    == ["0", pod.pod.metadata.name])
            #expect(try run("\(Self.look) /disk /fast", agent, pod) == ["4321 2777", "4321 2777"])
        }
        // What they write into volumes is the same to both, and on the node.
        #expect(try run("busybox stat -c %u /data/b", agent, pods[0]) == ["0"])
        #expect(try node.shell("stat -c %u state/claims/default_db/a").contains("0"))

        try agent.kill()
        agent = try node.agent()
        #expect(try agent.observe(pods[0].uid)?.record.users == ranges[0])
        #expect(try run("id -u", agent, pods[0]) == ["0"])
        try agent.perform(.stopSandbox, pods[0].uid)
        try agent.perform(.remove, pods[0].uid)
        let next = make("c", namespaces: PodNamespaces(hostUsers: false))
        try start(next, agent)
        #expect(try agent.observe(next.uid)?.record.users == ranges[0])
        for uid in [pods[1].uid, next.uid] { try agent.perform(.stopSandbox, uid) }
    }

    @Test(
        "hostUsers: false: volumes lie in volumes, at places that are made there for the Pod's root",
        .enabled(if: isLinux(atLeast: 6, 3), "takes Linux 6.3"))
    func nested() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make(
            namespaces: PodNamespaces(hostUsers: false),
            mounts: [
                VolumeMount(name: "disk", mountPath: "/disk"),
                VolumeMount(name: "words", mountPath: "/disk/deep/words"),
                VolumeMount(name: "words", mountPath: "/disk/name", subPath: "name"),
                VolumeMount(name: "fast", mountPath: "/fast"), VolumeMount(name: "data", mountPath: "/fast/data"),
            ])
        try start(accepted, agent)

        let said = try run(
            "cat /disk/deep/words/name; echo; cat /disk/name; echo; echo x > /disk/deep/f && touch /fast/data/g && "
                + "busybox stat -c '%u %g %a' /disk/deep",
            agent, accepted)
        #expect(said == ["web", "web", "0 0 755"])
        let places = try node.shell("stat -c '%n %u %F' state/pods/\(accepted.uid)/volumes/disk/*")
        #expect(
            places.contains("disk/deep 0 directory") && places.contains("disk/name 0 regular empty file"), "\(places)")
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test(
        "procMount Unmasked hides nothing of /proc in a Pod with users of its own",
        .enabled(if: isLinux(atLeast: 6, 3), "takes Linux 6.3"), arguments: [ProcMount.default, .unmasked])
    func procMount(_ mount: ProcMount) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = make(
            container: SecurityContext(procMount: mount), namespaces: PodNamespaces(hostUsers: false))
        try start(accepted, agent)

        let mounts = try run("busybox awk '{ print $5 }' /proc/self/mountinfo", agent, accepted)
        #expect(mounts.contains("/proc/keys") == (mount == .default), "\(mounts)")
        #expect(mounts.contains("/proc/sys") == (mount == .default))
        // Nobody of the node's is anybody here: what is the node's stays out of reach.
        let (code, output) = try agent.exec(["sh", "-c", "echo 1 > /proc/sys/kernel/panic"], accepted.uid)
        #expect(code != 0, "\(output)")
        try agent.perform(.stopSandbox, accepted.uid)
    }
}
