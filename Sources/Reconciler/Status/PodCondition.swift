import Manifests
import PodModel

/// One entry of `status.conditions`.
public struct PodCondition: Hashable, Sendable {
    /// The conditions a Pod without readiness gates has.
    public enum Kind: String, Hashable, Sendable {
        /// Sandbox and address exist.
        case readyToStartContainers = "PodReadyToStartContainers"
        /// Every init container ended well.
        case initialized = "Initialized"
        /// The Pod may serve.
        case ready = "Ready"
        /// Every container is ready.
        case containersReady = "ContainersReady"
        /// The Pod has a node.
        case scheduled = "PodScheduled"
        /// What its manifest asks for now waits.
        case resizePending = "PodResizePending"
        /// What its manifest asks for now is being given to it.
        case resizeInProgress = "PodResizeInProgress"
        /// It makes way for others.
        case disruptionTarget = "DisruptionTarget"
    }

    /// Which condition.
    public let kind: Kind
    /// Whether it holds.
    public let isTrue: Bool
    /// One word, where there is something to say.
    public let reason: String?
    /// A sentence, where there is something to say.
    public let message: String?
    /// When it began or ceased to hold; nil while the Pod has not been begun.
    public let since: WallTime?

    init(_ kind: Kind, _ isTrue: Bool, reason: String? = nil, message: String? = nil, since: WallTime?) {
        self.kind = kind
        self.isTrue = isTrue
        self.reason = reason
        self.message = message
        self.since = since
    }

    /// The conditions of a Pod, in the order the kubelet writes them.
    ///
    /// Transition times are derived from what the record remembers, so they survive the agent and need no memory.
    static func all(
        of pod: ObservedPod, phase: PodPhase, containers: [ContainerStatus], initContainers: [ContainerStatus],
        isInitialized: Bool, now: Moment
    ) -> [PodCondition] {
        let record = pod.record
        if let hold = record.hold, hold.keepsFromStarting, !phase.isTerminal {
            return [
                PodCondition(.scheduled, false, reason: hold.reason.rawValue, message: hold.message, since: hold.since)
            ]
        }
        let lasting = initContainers.filter(\.isSidecar) + containers
        let readiness = Readiness(phase: phase, containers: lasting)
        let changed = readinessChange(pod, lasting, now: now)
        let hasNetwork = pod.sandbox == .ready && record.address != nil
        return disruption(record) + resizing(pod, now: now) + [
            PodCondition(.readyToStartContainers, hasNetwork, since: networkChange(pod, hasNetwork, now: now)),
            initialized(pod, phase, initContainers, isInitialized, now: now),
            PodCondition(
                .ready, readiness.isReady, reason: readiness.reason, message: readiness.message, since: changed),
            PodCondition(
                .containersReady, readiness.isReady, reason: readiness.reason, message: readiness.message,
                since: changed),
            PodCondition(.scheduled, true, since: record.accepted.createdAt),
        ]
    }

    /// kubelet: there once a Pod had to make way for its node, which is not said of one that exceeded a limit of its own.
    private static func disruption(_ record: PodRecord) -> [PodCondition] {
        guard let reason = record.finalReason, Eviction.isForNode(reason) else { return [] }
        return [
            PodCondition(
                .disruptionTarget, true, reason: "TerminationByKubelet", message: reason.message, since: reason.since)
        ]
    }

    /// kubelet: there as long as a resize waits, or is not carried out yet.
    private static func resizing(_ pod: ObservedPod, now: Moment) -> [PodCondition] {
        if pod.record.finalPhase != nil { return [] }
        if let hold = pod.record.hold {
            return [
                PodCondition(
                    .resizePending, true, reason: hold.reason.rawValue, message: hold.message, since: hold.since)
            ]
        }
        let isUnderWay =
            pod.record.deletion == nil
            && pod.record.accepted.pod.spec.allContainers.contains { container in
                if case .resizable = ContainerStanding(container.name, of: pod, now: now) { true } else { false }
            }
        return isUnderWay ? [PodCondition(.resizeInProgress, true, since: nil)] : []
    }

    private static func initialized(
        _ pod: ObservedPod, _ phase: PodPhase, _ containers: [ContainerStatus], _ isInitialized: Bool, now: Moment
    ) -> PodCondition {
        let begun = pod.record.startTime ?? pod.record.accepted.createdAt
        if isInitialized || phase == .succeeded {
            let ends = containers.filter { !$0.isSidecar }
                .compactMap { pod.exit(of: $0.name, now: now)?.finishedAt }
            return PodCondition(
                .initialized, true, reason: phase == .succeeded ? "PodCompleted" : nil,
                since: ends.max().map { max($0, begun) } ?? begun)
        }
        let incomplete = containers.filter { !($0.isSidecar ? $0.isStarted : $0.isReady) }.map(\.name)
        return PodCondition(
            .initialized, false, reason: "ContainersNotInitialized",
            message: "containers with incomplete status: [\(incomplete.joined(separator: " "))]", since: begun)
    }

    /// There since the sandbox was made; gone since the last container ended, which is the best that is known.
    private static func networkChange(_ pod: ObservedPod, _ hasNetwork: Bool, now: Moment) -> WallTime? {
        guard let made = pod.record.sandbox?.createdAt else {
            return pod.record.startTime ?? pod.record.accepted.createdAt
        }
        if hasNetwork { return made }
        let ends = pod.record.containers.keys.compactMap { pod.exit(of: $0, now: now)?.finishedAt }
        return max(made, ends.max() ?? made)
    }

    /// Ready since the last container became so; not ready since the first of those that are not ceased to be.
    private static func readinessChange(_ pod: ObservedPod, _ containers: [ContainerStatus], now: Moment) -> WallTime? {
        if containers.allSatisfy(\.isReady) { return containers.compactMap(\.readinessSince).max() }
        let ends = containers.filter { !$0.isReady }
            .compactMap { $0.readinessSince ?? pod.exit(of: $0.name, now: now)?.finishedAt }
        return ends.min() ?? pod.record.startTime ?? pod.record.accepted.createdAt
    }
}

private struct Readiness {
    let isReady: Bool
    let reason: String?
    let message: String?

    init(phase: PodPhase, containers: [ContainerStatus]) {
        let unready = containers.filter { !$0.isReady }.map(\.name)
        isReady = unready.isEmpty && !phase.isTerminal
        switch phase {
        case .succeeded: (reason, message) = ("PodCompleted", nil)
        case .failed: (reason, message) = ("PodFailed", nil)
        case .pending, .running:
            reason = unready.isEmpty ? nil : "ContainersNotReady"
            message =
                unready.isEmpty ? nil : "containers with unready status: [\(unready.joined(separator: " "))]"
        }
    }
}
