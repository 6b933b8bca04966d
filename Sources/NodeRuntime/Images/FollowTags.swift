import ImageStore
import Linux
import Logging
import Manifests
import PodModel

/// Following tags: looked up now and then, pulled when they moved, and only then the containers start again.
///
/// Nothing of it is remembered that the next agent could not find again: what a tag leads to on this node is in the store,
/// and what a container runs from in its Pod's record.
extension NodeRuntime {
    /// Looks up the tags of Pods that follow them, at every interval, until the task is cancelled.
    ///
    /// - Parameter interval: between two looks at one tag; spread by a tenth, so that nodes do not ask all at once.
    public func followTags(every interval: Duration) async throws {
        var failing: Set<String> = []
        // Soon after the start: the agent before may have been about to.
        try await Task.sleep(for: min(interval, .seconds(30)) * Double.random(in: 0.1...1))
        while true {
            failing = await lookUpTags(failing)
            try Task.checkCancellation()
            try await Task.sleep(for: interval * Double.random(in: 0.9...1.1))
        }
    }

    /// Looks up the tags of Pods that follow them, once.
    public func lookUpTags() async {
        _ = await lookUpTags([])
        reports.tellOfTagsLookedUp()
    }

    /// - Parameter failing: images whose tags could not be looked up the last time.
    /// - Returns: the same now.
    private func lookUpTags(_ failing: Set<String>) async -> Set<String> {
        let followers = records.all.filter(\.followsTags)
        if followers.isEmpty { return [] }
        let findings = await TagLookup(images, from: imageSupply.sources, with: objects).findings(for: followers) {
            record, container in
            container.imagePullPolicy != .never
                && record.accepted.pod.spec.restartPolicy(of: container) == .always
        }
        var unknown: Set<String> = []
        var moved: [AcceptedPod: [String: String]] = [:]
        for (subject, finding) in findings {
            switch finding {
            case .unmoved: break
            case .moved(let digest):
                if imageSupply.noteMoved(subject.image, to: digest) { tellMoved(subject, to: digest) }
                moved[subject.pod, default: [:]][subject.container] = subject.image
            case .unknown(let reason):
                unknown.insert(subject.image)
                if !failing.contains(subject.image) { tellUnknown(subject, reason) }
            }
        }
        for (pod, images) in moved { reports.tellOfMovedTags(images, of: pod) }
        return unknown
    }

    private func tellMoved(_ subject: TagLookup.Subject, to digest: ManifestDigest) {
        tell(
            .normal, "TagMoved",
            "Tag \(subject.image) leads to \(digest) now: it is pulled, and then container \(subject.container) restarts",
            of: subject)
    }

    private func tellUnknown(_ subject: TagLookup.Subject, _ reason: String) {
        log.warning("tag cannot be looked up", metadata: ["image": "\(subject.image)", "error": "\(reason)"])
        tell(.warning, "FailedToFollowTag", "Tag \(subject.image) cannot be looked up: \(reason)", of: subject)
    }

    private func tell(_ type: PodEvent.EventType, _ reason: String, _ message: String, of subject: TagLookup.Subject) {
        reports.tell(
            PodEvent(
                pod: subject.pod.name, uid: subject.pod.uid, container: subject.container,
                isOfInit: subject.pod.pod.spec.hasInit(subject.container), type: type, reason: reason, message: message,
                at: .now()))
    }

    /// By container of a Pod that follows its tags: the image that the tag leads to on this node now, where its newest
    /// instance was started from another one.
    func movedImages(of record: PodRecord) -> [String: String] {
        guard record.followsTags else { return [:] }
        return record.accepted.pod.spec.lastingContainers.reduce(into: [:]) { moved, container in
            guard let image = record.movedImage(of: container, in: images),
                case .none = imageSupply.trust.distrust(of: image)
            else { return }
            moved[container.name] = image.imageID.description
        }
    }
}

extension PodRecord {
    /// The image that a container's tag leads to on this node now, where its newest instance was started from another one;
    /// nil where it is the same. Of an image of another name it is the manifest that changed, not the tag.
    public func movedImage(of container: Container, in images: ImageStore) -> StoredImage? {
        guard let started = containers[container.name], let id = started.imageID,
            let reference = try? ImageReference(parsing: container.image), reference.digest == nil,
            started.image == reference.description, let image = try? images.image(reference),
            image.imageID.description != id
        else { return nil }
        return image
    }

    /// Whether its containers are to be restarted when tags move.
    var followsTags: Bool { accepted.followsTags && deletion == nil && finalPhase == nil }
}
