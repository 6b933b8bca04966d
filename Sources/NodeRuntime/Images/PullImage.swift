import ImageStore
import Linux
import Manifests
import PodModel

/// What the runtime does about images.
extension NodeRuntime {
    /// The images that a Pod of this manifest needs and that must be pulled first, by container.
    public func imagesToPull(for pod: AcceptedPod) -> [String: [String]] {
        imageSupply.missing(for: pod, with: objects)
    }

    /// Pulls one of them ahead of time.
    public func pullAhead(_ image: String, for container: String, of pod: AcceptedPod) async throws -> ActionDetail {
        try await imageSupply.pull(image, of: pod, with: objects)
    }

    /// Adds to an observation what its containers wait for.
    func withImages(_ pod: ObservedPod) -> ObservedPod {
        guard pod.record.deletion == nil, pod.record.finalPhase == nil else { return pod }
        let running = pod.containers.filter { if case .running = $0.value { true } else { false } }
        let missing = imageSupply.missing(for: pod.record.accepted, besides: Set(running.keys), with: objects)
        let moved = movedImages(of: pod.record)
        if missing.isEmpty, moved.isEmpty { return pod }
        return ObservedPod(
            record: pod.record, sandbox: pod.sandbox, containers: pod.containers, imagesToPull: missing,
            movedImages: moved)
    }

    /// Pulls an image for a Pod; writes into its record why it cannot be had.
    func pullImage(_ uid: PodUID, _ image: String) async throws -> ActionDetail {
        let pod = try records.known(uid).accepted
        do {
            return try await imageSupply.pull(image, of: pod, with: objects)
        } catch let failure as ActionFailure {
            let now = WallTime.now()
            let waiters = imageSupply.missing(for: pod, with: objects).filter { $0.value.contains(image) }.keys
            try await records.change(uid) { record in
                for name in waiters {
                    let isOwn = pod.pod.spec.container(name)?.image == image
                    record.containers[name, default: ContainerRecord()].waiting = WaitingReason(
                        reason: failure.reason, message: failure.message, since: now, image: isOwn ? nil : image)
                }
            }
            throw failure
        }
    }

    /// Has Pods that wait for an image looked at as soon as one comes, whoever brings it.
    func watchImages(_ poller: Poller) throws {
        let changes = try images.changes(heardBy: poller)
        // As long as the process: there is one runtime in it.
        Task { [weak self] in
            for await _ in changes {
                guard let self else { return }
                reports.tellOfImages()
                for record in records.all where record.waitsForImage || record.followsTags {
                    reports.suggestLook(at: record.uid)
                }
            }
        }
    }
}

extension PodRecord {
    /// Whether a container of it is held up by its image.
    fileprivate var waitsForImage: Bool {
        containers.values.contains { container in
            ["ErrImagePull", "ErrImageNeverPull", "ImageInspectError", "SignatureValidationFailed"]
                .contains(container.waiting?.reason)
        }
    }
}
