import Manifests

/// A Pod this node should run: what a user wrote, accepted, with the identity it was given.
///
/// Encoded, the manifest is the JSON that Kubernetes would show; decoding it reads it by today's schema.
public struct AcceptedPod: Hashable, Sendable, Codable {
    /// Given at acceptance; changes only when the Pod must be recreated.
    public let uid: PodUID
    /// The manifest with defaults filled in.
    public let pod: Pod
    /// Of the canonical user-written fields whose change needs a recreate.
    public let digest: Digest
    /// The manifest as the user wrote it: no defaults, no positions.
    public let written: JSONValue
    /// The application it belongs to.
    public let application: ApplicationName
    /// When this UID was given: the object's `creationTimestamp`.
    public let createdAt: WallTime
    /// When the Pod of this name asked for room on the node that handed its place on to this one; nil for none.
    public let inheritedClaim: WallTime?
    /// The manifest file, relative to the followed path.
    public let file: String
    /// What of the newest revision was not taken over and may define it now, so that it is kept; nil while it is defined
    /// where `file` says, or stays with an application that was refused.
    public let hiddenBy: [String]?
    /// Of what it takes from other objects; nil when it takes nothing.
    public let sources: SourceDigests?

    /// Puts an accepted Pod together.
    public init(
        uid: PodUID, pod: Pod, digest: Digest, written: JSONValue, application: ApplicationName,
        createdAt: WallTime, inheritedClaim: WallTime? = nil, file: String, hiddenBy: [String]? = nil,
        sources: SourceDigests? = nil
    ) {
        self.uid = uid
        self.pod = pod
        self.digest = digest
        self.written = written
        self.application = application
        self.createdAt = createdAt
        self.inheritedClaim = inheritedClaim
        self.file = file
        self.hiddenBy = hiddenBy
        self.sources = sources
    }

    /// Name, namespace and UID, as the kubelet's messages name a Pod: `web_default(0f1e…)`.
    public var longName: String { "\(name.name)_\(name.namespace)(\(uid))" }

    /// The same Pod with what it takes from other objects now.
    public func taking(_ sources: SourceDigests?) -> AcceptedPod {
        AcceptedPod(
            uid: uid, pod: pod, digest: digest, written: written, application: application, createdAt: createdAt,
            inheritedClaim: inheritedClaim, file: file, hiddenBy: hiddenBy, sources: sources)
    }

    /// The same Pod, kept because these places may define it.
    public func hidden(by places: [String]) -> AcceptedPod {
        AcceptedPod(
            uid: uid, pod: pod, digest: digest, written: written, application: application, createdAt: createdAt,
            inheritedClaim: inheritedClaim, file: file, hiddenBy: places, sources: sources)
    }

    /// The same manifest as another Pod, which asks for room on the node anew.
    public func renewed(as uid: PodUID, at now: WallTime) -> AcceptedPod {
        AcceptedPod(
            uid: uid, pod: pod, digest: digest, written: written, application: application, createdAt: now, file: file,
            hiddenBy: hiddenBy, sources: sources)
    }

    /// Since when it asks for room on the node: who asked first comes first.
    public var claim: WallTime { inheritedClaim ?? createdAt }

    /// The name the user knows it by.
    public var name: PodName { PodName(pod) }

    /// One of its containers as its author wrote it; nil if there is none of that name.
    public func written(container name: String) -> JSONValue? {
        for list in ["containers", "initContainers"] {
            guard case .array(let containers) = written["spec"]?[list] else { continue }
            if let found = containers.first(where: { $0["name"] == .string(name) }) { return found }
        }
        return nil
    }
}
