import Manifests
import PodModel

/// What is told about one Pod, in the kubelet's reasons and words (kubernetes `pkg/kubelet/events`,
/// `kuberuntime_container.go`, `image_manager.go`).
///
/// The kubelet tells twice that a container cannot be started: what is wrong, and `Failed` with the waiting reason.
public struct PodEvents: Hashable, Sendable {
    private let pod: AcceptedPod
    /// Containers that the end of the sandbox kills.
    private let killed: [String]

    /// Events of a Pod, as run.
    public init(of pod: AcceptedPod) {
        self.pod = pod
        killed = []
    }

    /// Events of a Pod as it was seen, while a plan for it is carried out: what runs and is not stopped by it ends with
    /// the sandbox.
    public init(of pod: ObservedPod, along plan: PodPlan) {
        self.pod = pod.record.accepted
        let stopped = plan.actions.compactMap {
            if case .stopContainer(let name, _, _, _, _) = $0 { name } else { nil }
        }
        killed = pod.containers.keys.filter { name in
            if case .running = pod.containers[name] { !stopped.contains(name) } else { false }
        }.sorted()
    }

    /// The node took the Pod on; where Kubernetes has a scheduler, it says this.
    public func scheduled(to node: String, at time: WallTime) -> [PodEvent] {
        [event(.normal, "Scheduled", "Successfully assigned \(pod.name) to \(node)", at: time)]
    }

    /// An action is about to be carried out.
    public func begun(_ action: PodAction, at time: WallTime) -> [PodEvent] {
        switch action {
        case .createSandbox(let attempt) where attempt > 0:
            [event(.normal, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", at: time)]
        case .pullImage(let image, let name) where policy(of: image, for: name) != .never:
            [event(.normal, "Pulling", "Pulling image \"\(image)\"", of: subject(of: image, name), at: time)]
        case .stopContainer(let name, _, _, let reason, _):
            [event(.normal, "Killing", stopping(name, because: reason), of: name, at: time)]
        case .stopSandbox:
            killed.map { event(.normal, "Killing", stopping($0, because: StopReason.podDeleted), of: $0, at: time) }
        default: []
        }
    }

    /// An action ended.
    public func ended(_ action: PodAction, _ outcome: ActionOutcome, at time: WallTime) -> [PodEvent] {
        switch outcome {
        case .done(let detail): done(action, detail, at: time)
        case .failed(let failure): failed(action, failure, at: time)
        case .cancelled: []
        }
    }

    /// A container ended and is held back until it may start again.
    public func heldBack(_ container: String, at time: WallTime) -> [PodEvent] {
        [
            event(
                .warning, "BackOff", "Back-off restarting failed container \(container) in pod \(pod.longName)",
                of: container, at: time)
        ]
    }

    // MARK: What was done

    private func done(_ action: PodAction, _ detail: ActionDetail, at time: WallTime) -> [PodEvent] {
        switch action {
        case .createSandbox:
            (detail.warnings ?? []).map { event(.warning, $0.reason, $0.message, at: time) }
        case .pullImage(let image, let name):
            detail.pulled.map {
                [event(.normal, "Pulled", words(image, $0), of: subject(of: image, name), at: time)]
            } ?? []
        case .startContainer(let name, _, _): started(name, detail, at: time)
        case .commitExit(let exit, let name) where exit.reason == .oomKilled:
            [
                event(
                    .warning, "OOMKilling", "Memory cgroup out of memory: container \(name) was killed", of: name,
                    at: time)
            ]
        case .fail(let reason, let message):
            [event(reason == Eviction.reason ? .warning : .normal, reason, message, at: time)]
        case .resizeContainer(let name, _):
            [event(.normal, "ResizeCompleted", "Pod resize completed: container \(name)", of: name, at: time)]
        default: []
        }
    }

    private func started(_ name: String, _ detail: ActionDetail, at time: WallTime) -> [PodEvent] {
        let present = detail.pulled == nil ? [pulled(name, at: time)] : []
        let created = present + [event(.normal, "Created", "Container created", of: name, at: time)]
        if let error = detail.startError {
            return created + [event(.warning, "Failed", "Error: \(error)", of: name, at: time)]
        }
        return created + [event(.normal, "Started", "Container started", of: name, at: time)]
    }

    private func pulled(_ name: String, at time: WallTime) -> PodEvent {
        event(
            .normal, "Pulled",
            "Container image \"\(image(of: name))\" already present on machine and can be accessed by the pod",
            of: name, at: time)
    }

    // MARK: What failed

    private func failed(_ action: PodAction, _ failure: ActionFailure, at time: WallTime) -> [PodEvent] {
        switch action {
        case .createSandbox:
            [
                event(
                    .warning, "FailedCreatePodSandBox", "Failed to create pod sandbox: \(failure.message)", at: time)
            ]
        case .pullImage(let image, let name): notPulled(image, name, failure, at: time)
        case .mountVolumes, .updateVolumes:
            [event(.warning, "FailedMount", failure.message, at: time)]
        case .startContainer(let name, _, _): notStarted(name, failure, at: time)
        case .stopContainer(let name, _, _, _, _):
            [event(.warning, "FailedKillPod", "error killing pod: \(failure.message)", of: name, at: time)]
        case .stopSandbox: [event(.warning, "FailedKillPod", "error killing pod: \(failure.message)", at: time)]
        case .resizeContainer(let name, _):
            [event(.warning, "ResizeError", "Pod resize error: \(failure.message)", of: name, at: time)]
        default:
            [event(.warning, "FailedSync", "Error syncing pod: \(failure.message)", of: action.container, at: time)]
        }
    }

    /// kubelet: what is wrong, and then the waiting reasons that it leads to, one after the other.
    private func notPulled(
        _ image: String, _ name: String, _ failure: ActionFailure, at time: WallTime
    ) -> [PodEvent] {
        if !ImageReason.ofPull.contains(failure.reason) {
            return withoutImage(image, name, failure, at: time) + [failed(name, failure.reason, at: time)]
        }
        let subject = subject(of: image, name)
        return [
            event(.warning, "Failed", "Failed to pull image \"\(image)\": \(failure.message)", of: subject, at: time),
            failed(name, failure.reason, at: time),
            event(.normal, "BackOff", "Back-off pulling image \"\(image)\"", of: subject, at: time),
            failed(name, ImageReason.heldBack, at: time),
        ]
    }

    private func notStarted(_ name: String, _ failure: ActionFailure, at time: WallTime) -> [PodEvent] {
        let missing = withoutImage(image(of: name), name, failure, at: time)
        if !missing.isEmpty { return missing + [failed(name, failure.reason, at: time)] }
        // The image was there: something else keeps the container from being created.
        return [pulled(name, at: time), failed(name, failure.message, at: time)]
    }

    /// What is wrong with an image, where it is the image that is wrong.
    private func withoutImage(
        _ image: String, _ name: String, _ failure: ActionFailure, at time: WallTime
    ) -> [PodEvent] {
        switch failure.reason {
        case ImageReason.neverPull:
            [
                event(
                    .warning, "ErrImageNeverPull",
                    "Container image \"\(image)\" is not present with pull policy of Never",
                    of: subject(of: image, name), at: time)
            ]
        case ImageReason.invalidName, ImageReason.inspectFailed:
            [
                event(
                    .warning, "InspectFailed",
                    "Failed to \(failure.reason == ImageReason.invalidName ? "apply default image tag" : "inspect image") "
                        + "\"\(image)\": \(failure.message)", of: subject(of: image, name), at: time)
            ]
        default: []
        }
    }

    private func failed(_ name: String, _ words: String, at time: WallTime) -> PodEvent {
        event(.warning, "Failed", "Error: \(words)", of: name, at: time)
    }

    // MARK: Words

    /// Why a running container is stopped; where its Pod ends, the kubelet does not say more.
    private func stopping(_ name: String, because reason: String) -> String {
        if reason == StopReason.postStartFailed { return reason }
        if StopReason.ofPod.contains(reason) { return "Stopping container \(name)" }
        let spec = pod.pod.spec
        // kubelet: of sidecars, which always are, it is not said
        if spec.hasInit(name) { return "Init container \(name) \(reason)" }
        let policy = spec.container(name).map(spec.restartPolicy) ?? spec.restartPolicy
        let isOver = policy == .never && reason != StopReason.definitionChanged
        return "Container \(name) \(reason)" + (isOver ? "" : ", will be restarted")
    }

    private func image(of container: String) -> String {
        pod.pod.spec.container(container)?.image ?? ""
    }

    private func policy(of image: String, for container: String) -> ImagePullPolicy? {
        // A Pod that is told of its successor's pulls does not know the image.
        needs(of: container).first { $0.image == image }?.pullPolicy ?? needs(of: container).first?.pullPolicy
    }

    /// Of what the pull of an image is told: of the container that is made from it, or, where that only mounts it, of the Pod
    /// (kubelet: `getImageVolumes`).
    private func subject(of image: String, _ container: String) -> String? {
        let isMounted = needs(of: container).contains { $0.image == image && $0.volume != nil }
        return isMounted && self.image(of: container) != image ? nil : container
    }

    private func needs(of container: String) -> [NeededImage] {
        let spec = pod.pod.spec
        return spec.container(container).map(spec.neededImages) ?? []
    }

    private func words(_ image: String, _ pulled: PulledImage) -> String {
        "Successfully pulled image \"\(image)\" in \(pulled.took.goWords) (\(pulled.waited.goWords) including waiting). "
            + "Image size: \(pulled.size) bytes."
    }

    func event(
        _ type: PodEvent.EventType, _ reason: String, _ message: String, of container: String? = nil, at time: WallTime
    ) -> PodEvent {
        PodEvent(
            pod: pod.name, uid: pod.uid, container: container, isOfInit: pod.pod.spec.hasInit(container), type: type,
            reason: reason, message: message, at: time)
    }
}

/// Why containers are stopped, as the actions carry it.
enum StopReason {
    static let podDeleted = "pod deleted"
    static let podFinished = "pod finished"
    static let sandboxChanged = "sandbox changed"
    static let postStartFailed = "FailedPostStartHook"
    static let definitionChanged = "definition changed"
    static let imageMoved = "image moved to another digest"

    /// A probe failed often enough.
    static func failed(_ probe: ProbeKind) -> String { "failed \(probe.rawValue) probe" }

    static let nodeShutdown = "node shutdown"
    /// Those by which all containers of a Pod are stopped.
    static let ofPod: Set = [podDeleted, podFinished, sandboxChanged, nodeShutdown]
}
