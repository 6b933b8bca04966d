import Manifests

/// A Pod this node should run: what a user wrote, accepted, with the identity it was given.
public struct AcceptedPod: Hashable, Sendable {
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
    /// The manifest file, relative to the followed path.
    public let file: String

    /// Puts an accepted Pod together.
    public init(
        uid: PodUID, pod: Pod, digest: Digest, written: JSONValue, application: ApplicationName,
        createdAt: WallTime, file: String
    ) {
        self.uid = uid
        self.pod = pod
        self.digest = digest
        self.written = written
        self.application = application
        self.createdAt = createdAt
        self.file = file
    }

    /// The name the user knows it by.
    public var name: PodName { PodName(pod) }
}

extension AcceptedPod: Codable {
    private enum Key: String, CodingKey { case uid, pod, digest, written, application, createdAt, file }

    /// Reads a stored Pod; its manifest is decoded by today's schema.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        uid = try values.decode(PodUID.self, forKey: .uid)
        pod = try Pod(decoding: values.decode(JSONValue.self, forKey: .pod))
        digest = try values.decode(Digest.self, forKey: .digest)
        written = try values.decode(JSONValue.self, forKey: .written)
        application = try values.decode(ApplicationName.self, forKey: .application)
        createdAt = try values.decode(WallTime.self, forKey: .createdAt)
        file = try values.decode(String.self, forKey: .file)
    }

    /// Writes the manifest as the JSON that Kubernetes would show.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(uid, forKey: .uid)
        try values.encode(pod.encoded, forKey: .pod)
        try values.encode(digest, forKey: .digest)
        try values.encode(written, forKey: .written)
        try values.encode(application, forKey: .application)
        try values.encode(createdAt, forKey: .createdAt)
        try values.encode(file, forKey: .file)
    }
}
