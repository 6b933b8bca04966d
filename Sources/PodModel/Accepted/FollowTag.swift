import Manifests

extension AcceptedPod {
    /// Whether its containers are restarted when the tags of their images move.
    public var followsTags: Bool { pod.metadata.annotations[OwnAnnotation.followTag.rawValue] == "true" }
}
