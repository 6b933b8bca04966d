import ImageStore
import Manifests
import PodModel

/// Finds out whether the tags that Pods were started from lead to other images by now. Changes nothing.
public struct TagLookup: Sendable {
    private let images: ImageStore
    private let sources: ImageSources
    private let objects: ConfigurationObjects
    /// How many registries are asked at once.
    private static let width = 4

    /// - Parameter objects: where the Pods' pull secrets are.
    public init(_ images: ImageStore, from sources: ImageSources, with objects: ConfigurationObjects) {
        self.images = images
        self.sources = sources
        self.objects = objects
    }

    /// A container whose tag is looked up.
    public struct Subject: Hashable, Sendable {
        /// Its Pod.
        public let pod: AcceptedPod
        /// Its name.
        public let container: String
        /// The image as the manifest names it.
        public let image: String
    }

    /// What was found.
    public enum Finding: Sendable {
        /// The registry has another image under the tag than the node has; the digest that it leads to there.
        case moved(ManifestDigest)
        /// The tag leads to what the node has.
        case unmoved
        /// The tag could not be looked up, and why.
        case unknown(String)
    }

    /// Asks the registries of images that have a tag and no digest, each once for all containers that have it with the same
    /// secrets. Sidecars count as containers; init containers that end do not.
    ///
    /// - Parameter isWanted: which containers.
    public func findings(
        for pods: [PodRecord], _ isWanted: (PodRecord, Container) -> Bool
    ) async -> [(Subject, Finding)] {
        var subjects: [Question: [Subject]] = [:]
        for record in pods {
            let secrets = PodPullSecrets(of: record.accepted, in: objects).files
            for container in record.accepted.pod.spec.lastingContainers {
                guard let reference = Self.tag(of: container, here: { try? images.image($0) }),
                    isWanted(record, container)
                else { continue }
                subjects[Question(reference: reference, secrets: secrets), default: []].append(
                    Subject(pod: record.accepted, container: container.name, image: container.image))
            }
        }
        return await withTaskGroup(of: (Question, Finding).self) { group in
            var found: [(Subject, Finding)] = []
            for (index, question) in subjects.keys.enumerated() {
                if index >= Self.width, let (question, finding) = await group.next() {
                    found += (subjects[question] ?? []).map { ($0, finding) }
                }
                group.addTask { (question, await answer(question)) }
            }
            for await (question, finding) in group { found += (subjects[question] ?? []).map { ($0, finding) } }
            return found.sorted { ($0.0.pod.name, $0.0.container) < ($1.0.pod.name, $1.0.container) }
        }
    }

    /// The tag to look up for a container: nil where its name says a digest, and where its image is not here or was imported.
    /// What a registry has under an imported image's name need not be its newer version, and may be anybody's.
    static func tag(of container: Container, here image: (ImageReference) -> StoredImage?) -> ImageReference? {
        guard let reference = try? ImageReference(parsing: container.image), reference.digest == nil,
            image(reference)?.origin != nil
        else { return nil }
        return reference
    }

    private struct Question: Hashable, Sendable {
        let reference: ImageReference
        let secrets: [PullSecrets.File]
    }

    private func answer(_ question: Question) async -> Finding {
        do {
            let digest = try await sources.registries.nameDigest(
                of: question.reference,
                credentials: PullSecrets(question.secrets, before: sources.credentials))
            return try images.image(question.reference)?.isBehind(digest) == true ? .moved(digest) : .unmoved
        } catch { return .unknown("\(error)") }
    }
}

extension StoredImage {
    /// Whether a tag that its registry said leads to `digest` has moved away from it. Never for one that was imported.
    func isBehind(_ digest: ManifestDigest) -> Bool { origin.map { $0.nameDigest != digest } ?? false }
}

extension PodSpec {
    /// Those that run as long as the Pod does.
    var lastingContainers: [Container] { initContainers.filter(\.isSidecar) + containers }
}
