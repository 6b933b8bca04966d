import ImageStore
import Manifests
import NodeRuntime
import PodModel

/// A tag that leads to another image now than the one a container runs from.
struct TagDifference: Sendable {
    let pod: PodName
    let container: String
    let image: String
    /// What the container runs from.
    let running: String
    /// Where the tag leads now.
    let found: ManifestDigest
    /// Whether it is in the registry that it leads there; else on this node.
    let isInRegistry: Bool
    /// Whether the Pod asks for its containers to be restarted for that.
    let isFollowed: Bool

    /// For a person.
    var sentence: String {
        let place = isInRegistry ? "in its registry" : "on this node"
        let consequence =
            isFollowed
            ? isInRegistry ? "it is pulled at the next look, and then the container restarts" : "the container restarts"
            : "nothing restarts for that (\(OwnAnnotation.followTag.rawValue): \"true\" would)"
        return "\(pod): tag \(image) moved under container \(container), which runs from image \(running.prefix(19)): "
            + "\(place) it leads to \(found.description.prefix(19)) now; \(consequence)"
    }

    /// For machines.
    var json: JSONValue {
        [
            "namespace": .string(pod.namespace), "name": .string(pod.name), "container": .string(container),
            "image": .string(image), "runningImageID": .string(running), "digest": .string(found.description),
            "in": .string(isInRegistry ? "registry" : "node"), "followed": .bool(isFollowed),
        ]
    }

    /// How long registries may take in all: who asks for a difference of manifests is not to wait for them.
    private static let patience = Duration.seconds(5)

    /// What there is to say about containers that run. Registries are asked about images that came from them; what cannot be
    /// looked up is passed over.
    static func all(
        _ observed: [ObservedPod], images: ImageStore, sources: ImageSources, objects: ConfigurationObjects
    ) async -> [TagDifference] {
        let records = observed.map(\.record).filter { $0.deletion == nil && $0.finalPhase == nil }
        let running = Dictionary(
            observed.map { ($0.uid, $0.runningContainers) }, uniquingKeysWith: { first, _ in first })
        let here = records.flatMap { onNode($0, running[$0.uid] ?? [], images) }
        let findings = await withTaskGroup(of: [(TagLookup.Subject, TagLookup.Finding)].self) { group in
            group.addTask {
                await TagLookup(images, from: sources, with: objects).findings(for: records) {
                    record, container in
                    (running[record.uid] ?? []).contains(container.name)
                }
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return []
            }
            let first = await group.next() ?? []
            group.cancelAll()
            return first
        }
        let elsewhere = findings.compactMap { subject, finding -> TagDifference? in
            guard case .moved(let digest) = finding,
                let record = records.first(where: { $0.uid == subject.pod.uid })?.containers[subject.container]
            else { return nil }
            return TagDifference(
                pod: subject.pod.name, container: subject.container, image: subject.image,
                running: record.imageID ?? "", found: digest, isInRegistry: true, isFollowed: subject.pod.followsTags)
        }
        return here + elsewhere
    }

    private static func onNode(_ record: PodRecord, _ running: Set<String>, _ images: ImageStore) -> [TagDifference] {
        record.accepted.pod.spec.allContainers.compactMap { container in
            guard running.contains(container.name), let image = record.movedImage(of: container, in: images) else {
                return nil
            }
            return TagDifference(
                pod: record.accepted.name, container: container.name, image: container.image,
                running: record.containers[container.name]?.imageID ?? "",
                found: image.imageID, isInRegistry: false, isFollowed: record.accepted.followsTags)
        }
    }
}

extension ObservedPod {
    /// The names of those whose processes live.
    fileprivate var runningContainers: Set<String> {
        Set(containers.filter { if case .running = $0.value { true } else { false } }.keys)
    }
}
