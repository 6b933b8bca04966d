import Logging
import PodModel

/// Pulls the images of a Pod before anything is ended for it, and tells of it as a worker does.
struct PullAhead: Sendable {
    /// The Pod that is to start.
    let pod: AcceptedPod
    /// The Pod that a user sees until then: it hears of the pulls.
    let owner: AcceptedPod
    let surroundings: WorkerSurroundings

    /// Pulls images, by container, each once, side by side.
    ///
    /// - Returns: why not all of them are there; nil when they are.
    /// - Throws: `CancellationError`.
    func run(_ images: [String: [String]]) async throws -> ActionFailure? {
        let containers = Dictionary(
            images.flatMap { container, images in images.map { ($0, container) } }, uniquingKeysWith: { min($0, $1) })
        return try await withThrowingTaskGroup(of: ActionFailure?.self) { group in
            for (image, container) in containers { group.addTask { try await pull(image, for: container) } }
            return try await group.reduce(nil) { $0 ?? $1 }
        }
    }

    private func pull(_ image: String, for container: String) async throws -> ActionFailure? {
        let action = PodAction.pullImage(image: image, container: container)
        let events = PodEvents(of: owner)
        let begun = surroundings.clock.now()
        let intent = surroundings.history.intend(
            ActionIntent(
                revision: surroundings.revision.newest, pod: pod.name, uid: pod.uid, action: action, at: begun.wall))
        tell(events.begun(action, at: begun.wall))
        let outcome = await outcome(image, container)
        let ended = surroundings.clock.now()
        surroundings.history.conclude(intent, outcome, after: ended.boot - begun.boot)
        tell(events.ended(action, outcome, at: ended.wall))
        switch outcome {
        case .done:
            surroundings.log.info(
                "image pulled ahead", metadata: ["pod": "\(pod.name)", "uid": "\(pod.uid)", "image": "\(image)"])
            return nil
        case .failed(let failure): return failure
        case .cancelled: throw CancellationError()
        }
    }

    private func outcome(_ image: String, _ container: String) async -> ActionOutcome {
        do {
            return .done(try await surroundings.runtime.pullAhead(image, for: container, of: pod))
        } catch is CancellationError {
            return .cancelled
        } catch let failure as ActionFailure {
            return .failed(failure)
        } catch {
            return .failed(ActionFailure(reason: "Failed", message: "\(error)"))
        }
    }

    private func tell(_ events: [PodEvent]) {
        for event in events { surroundings.history.record(event) }
    }
}
