import Manifests
import PodModel
import SupervisorCore
import Testing

@testable import NodeRuntime

@Suite("A container's mounts as steps of its birth")
struct VolumeStepsTests {
    private static let volumes = [
        Volume(name: "scratch", emptyDir: EmptyDirVolume()),
        Volume(name: "fast", emptyDir: EmptyDirVolume(medium: .memory)),
        Volume(name: "config", configMap: ObjectVolume(name: "app")),
        Volume(name: "keys", secret: ObjectVolume(name: "key")),
        Volume(
            name: "mixed", projected: ProjectedVolume(sources: [VolumeProjection(secret: ObjectVolume(name: "key"))])),
        Volume(name: "data", persistentVolumeClaim: ClaimVolume(claimName: "db")),
        Volume(name: "host", hostPath: HostPathVolume(path: "/srv/www/site")),
        Volume(name: "model", image: ImageVolume(reference: "model:1")),
    ]

    private func steps(
        _ mounts: [VolumeMount], allowing allowed: [HostPathAllowance] = [HostPathAllowance(path: "/srv/www")]
    ) throws -> [MountStep] {
        try steps(mounts, rules: allowed.map { ("blue", $0) })
    }

    private func steps(
        _ mounts: [VolumeMount], rules: [(namespace: String, path: HostPathAllowance)]
    ) throws -> [MountStep] {
        var container = Container(name: "c", image: "i")
        container.volumeMounts = mounts
        let pod = Pod(
            metadata: ObjectMeta(name: "web", namespace: "blue"),
            spec: PodSpec(containers: [container], volumes: Self.volumes))
        let steps = VolumeSteps(
            pod: pod, uid: PodUID("u1"),
            paths: NodePaths(stateDirectory: "/state", runDirectory: "/run", logDirectory: "/log"),
            hostPaths: HostPathPolicy(
                NodePolicy(
                    rules: rules.map {
                        PolicyRule(name: "r", namespaces: [$0.namespace], allow: Allowance(hostPaths: [$0.path]))
                    })),
            images: ["model": ["/images/layers/a", "/images/layers/b"]])
        var variables = Environment()
        variables.set("NAME", "a")
        variables.set("UP", "../..")
        variables.set("EMPTY", "")
        return try steps.steps(of: container, variables: variables)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(
        "each kind has its place, and what is made of other objects is read-only",
        arguments: [
            ("scratch", "/state/pods/u1/volumes/scratch", false), ("fast", "/run/pods/u1/volumes/fast", false),
            ("config", "/state/pods/u1/volumes/config", true), ("keys", "/run/pods/u1/volumes/keys", true),
            ("mixed", "/run/pods/u1/volumes/mixed", true), ("data", "/state/claims/blue_db", false),
        ])
    func place(name: String, source: String, isReadOnly: Bool) throws {
        let step = try #require(try steps([VolumeMount(name: name, mountPath: "/m")]).first)

        #expect(step.kind == MountStep.volume)
        #expect(text(step.source) == source && text(step.target) == "/m")
        #expect((step.attributes & 1 == 1) == isReadOnly)
        #expect(step.within == [] && !step.isMade)
    }

    @Test("a path of the node is looked up within what is allowed")
    func hostPath() throws {
        let step = try #require(try steps([VolumeMount(name: "host", mountPath: "/m", subPath: "x")]).first)

        #expect(text(step.source) == "/srv/www")
        #expect(step.within.map(text) == ["site", "x"])
        #expect(step.isMade && step.withoutLinks == 0)
    }

    @Test("on the way to what is allowed, where another namespace may write, no link is followed at a birth either")
    func withoutLinks() throws {
        let step = try #require(
            try steps(
                [VolumeMount(name: "host", mountPath: "/m", subPath: "x")],
                rules: [
                    ("green", HostPathAllowance(path: "/srv")), ("blue", HostPathAllowance(path: "/srv/www")),
                ]
            ).first)

        #expect(text(step.source) == "/srv" && step.within.map(text) == ["www", "site", "x"])
        #expect(step.withoutLinks == 1)
    }

    @Test(
        "what the policy allows for reading only is read-only with all mounted below it, and nothing is made in it"
    )
    func onlyRead() throws {
        let allowed = [HostPathAllowance(path: "/srv", readOnly: true)]
        let step = try #require(
            try steps([VolumeMount(name: "host", mountPath: "/m", subPath: "x")], allowing: allowed).first)

        #expect(text(step.source) == "/srv" && step.within.map(text) == ["www/site", "x"])
        #expect(step.attributes == 1 && step.isRecursive && !step.isMade)
    }

    @Test(
        "what the policy allows for reading only shows no later mounts of the node's, which could be written",
        arguments: [MountPropagation.hostToContainer, .bidirectional])
    func laterMounts(propagation: MountPropagation) throws {
        let mount = VolumeMount(name: "host", mountPath: "/m", readOnly: true, mountPropagation: propagation)
        let failure = #expect(throws: ActionFailure.self) {
            try steps([mount], allowing: [HostPathAllowance(path: "/srv", readOnly: true)])
        }

        #expect(failure?.reason == "CreateContainerConfigError")
        #expect(failure?.message.contains("mountPropagation \(propagation.rawValue)") == true)
        #expect(try steps([mount]).count == 1)
    }

    @Test("a part that is missing is made in a volume of any kind but an image", arguments: volumes.map(\.name))
    func made(name: String) throws {
        let step = try #require(try steps([VolumeMount(name: name, mountPath: "/m", subPath: "x")]).first)

        #expect(step.isMade == (name != "model"))
    }

    @Test("an image is its layers, which can be read and nothing else, whatever the mount says")
    func image() throws {
        let step = try #require(
            try steps([VolumeMount(name: "model", mountPath: "/m", readOnly: false, subPathExpr: "x/$(NAME)")]).first)

        #expect(step.kind == MountStep.image && text(step.source) == "/images/layers")
        #expect(step.options.map(text) == ["b", "a"] && step.within.map(text) == ["x/a"])
        #expect(step.attributes == 0xF && !step.isMade && !step.isNodesOwn)
    }

    @Test("what lies deeper is mounted later")
    func order() throws {
        let found = try steps([
            VolumeMount(name: "scratch", mountPath: "/a/b/c"), VolumeMount(name: "fast", mountPath: "/z"),
            VolumeMount(name: "config", mountPath: "/a/b"),
        ])

        #expect(found.map { text($0.target) } == ["/z", "/a/b", "/a/b/c"])
    }

    @Test("what a mount says of reading, of later mounts and of its part")
    func words() throws {
        let step = try #require(
            try steps([
                VolumeMount(
                    name: "scratch", mountPath: "/m", readOnly: true, subPathExpr: "logs/$(NAME)",
                    recursiveReadOnly: .enabled)
            ]).first)

        #expect(step.attributes == 1 && step.isRecursive && !step.followsNode && step.isMade)
        #expect(step.within.map(text) == ["logs/a"])
        let follower = try steps([
            VolumeMount(name: "scratch", mountPath: "/m", mountPropagation: .hostToContainer)
        ])
        #expect(follower.first?.followsNode == true)
    }

    @Test(
        "an expression that comes to nothing good keeps the container from being created",
        arguments: [
            ("$(NONE)", "failed to expand subPathExpr \"$(NONE)\": missing value for \"NONE\""),
            ("x/$(EMPTY)", "failed to expand subPathExpr \"x/$(EMPTY)\": missing value for \"EMPTY\""),
            ("$(UP)/etc", "unable to provision SubPath `../../etc`: must not contain '..'"),
        ])
    func expression(text: String, message: String) {
        let failure = #expect(throws: ActionFailure.self) {
            try steps([VolumeMount(name: "scratch", mountPath: "/m", subPathExpr: text)])
        }
        #expect(failure == ActionFailure(reason: "CreateContainerConfigError", message: message))
    }

    @Test("a volume at the place of one of the Pod's own files is there instead")
    func ownFiles() throws {
        let volumes = try steps([VolumeMount(name: "config", mountPath: "/etc/hosts", subPath: "hosts")])
        let all = ContainerMounts.steps(sharedMemory: "/shm", etc: "/e", volumes: volumes)

        #expect(all.filter { text($0.target) == "/etc/hosts" }.map(\.kind) == [MountStep.volume])
        #expect(all.contains { text($0.target) == "/etc/resolv.conf" && $0.kind == MountStep.bind })
    }

    @Test(
        "under a root that can only be read, so can the Pod's own files but its hosts file", arguments: [false, true])
    func ownFilesUnderReadOnlyRoot(isRootReadOnly: Bool) {
        let steps = ContainerMounts.steps(sharedMemory: "/shm", etc: "/e", isRootReadOnly: isRootReadOnly)
        let written = steps.filter { text($0.source).hasPrefix("/e/") && $0.attributes == 0 }.map { text($0.target) }

        #expect(written == ["/etc/hosts"] + (isRootReadOnly ? [] : ["/etc/hostname", "/etc/resolv.conf"]))
    }
}
