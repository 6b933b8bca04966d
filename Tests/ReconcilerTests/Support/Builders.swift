import Manifests
import PodModel
import Reconciler

let firstBoot = BootID("boot-1")
let someCommit = CommitSummary(
    author: "Ada", email: "ada@example.org", committedAt: WallTime(nanoseconds: 0), subject: "Change things")

/// Seconds after a fixed start, on both clocks.
func moment(_ seconds: Double, boot: BootID = firstBoot) -> Moment {
    let nanoseconds = Int64(seconds * 1_000_000_000)
    return Moment(
        wall: WallTime(nanoseconds: 1_700_000_000_000_000_000 + nanoseconds),
        boot: BootTime(nanoseconds: 1_000_000_000_000 + nanoseconds), bootID: boot)
}

extension Pod {
    /// A Pod whose containers are named after their images, in namespace `default`.
    static func make(
        _ name: String, _ containers: [String] = ["web"], image: String = "nginx:1.14",
        policy: RestartPolicy = .always, grace: Int = 30, labels: [String: String] = [:], node: String? = nil
    ) -> Pod {
        Pod(
            metadata: ObjectMeta(name: name, labels: labels),
            spec: PodSpec(
                containers: containers.map { Container(name: $0, image: image) }, restartPolicy: policy,
                terminationGracePeriodSeconds: grace, nodeName: node))
    }
}

extension LoadedPod {
    /// A Pod as if it had been read from a file.
    static func make(_ pod: Pod, file: String = "pod.yaml", line: Int = 1) -> LoadedPod {
        LoadedPod(pod: pod, written: pod.encoded, position: SourcePosition(file: file, line: line, column: 1))
    }
}

extension AcceptedPod {
    /// A Pod as if it had been accepted.
    static func make(_ pod: Pod, uid: String = "u1", application: String = ".") -> AcceptedPod {
        AcceptedPod(
            uid: PodUID(uid), pod: pod, digest: PodDigest.digest(ofWritten: pod.encoded), written: pod.encoded,
            application: ApplicationName(application), createdAt: moment(0).wall, file: "pod.yaml")
    }
}

extension AcceptedSlice {
    /// A slice of these Pods.
    static func make(_ pods: [AcceptedPod]) -> AcceptedSlice {
        AcceptedSlice(
            revision: RevisionID("r1"), commit: someCommit, acceptedAt: moment(0).wall, pods: pods, applications: [])
    }
}

extension ContainerExit {
    /// An exit of the instance `id`.
    static func make(
        _ id: String, code: Int32 = 1, reason: TerminationReason? = nil, started: Double = 0, at seconds: Double,
        boot: BootID = firstBoot
    ) -> ContainerExit {
        let time = moment(seconds, boot: boot)
        return ContainerExit(
            id: ContainerID(id), code: code, reason: reason ?? (code == 0 ? .completed : .error),
            startedAt: moment(started).wall, finishedAt: time.wall, finishedBoot: time.boot, bootID: boot)
    }
}

/// The repeatable generator of a property test (SplitMix64).
struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Whether an event of this probability happens.
    mutating func happens(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}
