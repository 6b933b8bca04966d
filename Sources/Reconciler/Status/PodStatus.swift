import Manifests
import PodModel

/// What a Pod looks like from outside: `status` of the Kubernetes object, and the words of its table row.
public struct PodStatus: Hashable, Sendable {
    /// The Pod, as run.
    public let accepted: AcceptedPod
    /// Where its life stands.
    public let phase: PodPhase
    /// Why it failed, where it is not for how its containers ended.
    public let reason: WaitingReason?
    /// Why it, or what its manifest asks for now, waits for the node; nil when it does not.
    public let hold: PodHold?
    /// In the order the kubelet writes them.
    public let conditions: [PodCondition]
    /// In the order of the manifest.
    public let containers: [ContainerStatus]
    /// The init containers, in the order of the manifest.
    public let initContainers: [ContainerStatus]
    /// Whether every init container has passed, or a container has started already.
    public let isInitialized: Bool
    /// The Pod's address; nil until it has one.
    public let address: String?
    /// The node's address.
    public let hostAddress: String?
    /// The node's name.
    public let nodeName: String
    /// When its first sandbox was made.
    public let startTime: WallTime?
    /// The wish that it ends, if there is one.
    public let deletion: DeletionRecord?
    /// Whether anything was made for it yet: of a Pod that waits for its turn there are no containers to tell of.
    let isBegun: Bool
    /// The quality of service that its resources come to.
    public var qosClass: QoSClass { QoSClass(accepted.pod.spec) }

    /// The status of a Pod that has a record.
    public init(_ pod: ObservedPod, nodeName: String, now: Moment) {
        accepted = pod.record.accepted
        containers = accepted.pod.spec.containers.map { ContainerStatus($0, of: pod, now: now) }
        reason = pod.record.finalReason
        hold = pod.record.finalPhase == nil ? pod.record.hold : nil
        initContainers = accepted.pod.spec.initContainers.map { ContainerStatus($0, of: pod, now: now) }
        let progress = InitProgress(of: pod, now: now)
        phase =
            pod.record.finalPhase
            ?? (progress.failure != nil
                ? .failed
                : progress.isDone ? Self.phase(containers, policy: accepted.pod.spec.restartPolicy) : .pending)
        // kubelet: a Pod that succeeded, or of which a container has run, was initialized, though its sandbox is gone
        isInitialized =
            progress.isInitialized || phase == .succeeded || phase.isTerminal && containers.contains(where: \.hasEnded)
        conditions = PodCondition.all(
            of: pod, phase: phase, containers: containers, initContainers: initContainers, isInitialized: isInitialized,
            now: now)
        // kubelet: the address of a Pod that has ended stays to be seen, though it is the Pod's no more
        address = pod.record.address ?? (phase.isTerminal ? pod.record.sandbox?.address : nil)
        startTime = pod.record.startTime
        deletion = pod.record.deletion
        isBegun = pod.record.startTime != nil || pod.sandbox != .absent
        self.nodeName = nodeName
        hostAddress = pod.record.sandbox?.node?.address
    }

    /// The status of a Pod that was accepted and has no record yet.
    public init(awaiting pod: AcceptedPod, nodeName: String, now: Moment) {
        let observed = ObservedPod(
            record: PodRecord(accepted: pod, bootID: now.bootID), sandbox: .absent, containers: [:])
        self.init(observed, nodeName: nodeName, now: now)
    }

    /// Whether the Pod may serve.
    public var isReady: Bool { conditions.contains { $0.kind == .ready && $0.isTrue } }

    /// The containers that run as long as the Pod does, sidecars first.
    public var lasting: [ContainerStatus] { initContainers.filter(\.isSidecar) + containers }

    /// Whether a node took it: nothing is made for it before.
    public var isScheduled: Bool { !(hold?.keepsFromStarting ?? false) }

    /// The number left of the slash in the READY column.
    public var readyCount: Int { lasting.count(where: \.isReady) }

    /// The number in the RESTARTS column: of the init containers until they have passed, of the others from then on.
    public var restarts: Int { restarting.reduce(0) { $0 + $1.restartCount } }

    /// When a container last had to be started again; nil if none ever had to.
    public var lastRestart: WallTime? { restarting.compactMap(\.lastExit?.finishedAt).max() }

    private var restarting: [ContainerStatus] { isInitialized ? lasting : initContainers }

    /// The phase by container states (kubelet `getPhase`).
    private static func phase(_ containers: [ContainerStatus], policy: RestartPolicy) -> PodPhase {
        var codes: [Int32] = []
        for container in containers {
            switch container.state {
            case .running: break
            case .terminated(let exit): codes.append(exit.code)
            case .waiting:
                guard let exit = container.lastExit else { return .pending }
                codes.append(exit.code)
            }
        }
        let isAnyRunning = codes.count < containers.count
        if isAnyRunning || policy == .always || containers.contains(where: \.isToRestart) { return .running }
        if codes.allSatisfy({ $0 == 0 }) { return .succeeded }
        return policy == .never ? .failed : .running
    }
}
