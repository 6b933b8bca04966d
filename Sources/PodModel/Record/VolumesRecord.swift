import Manifests

/// What was made of a Pod's volumes.
public struct VolumesRecord: Hashable, Sendable, Codable {
    /// The sandbox they were made for: what is in memory goes with it.
    public let sandbox: SandboxID
    /// By volume: the digest of what its files were made of (`SourceDigests`).
    public let contents: [String: Digest]

    /// Puts both together.
    public init(sandbox: SandboxID, contents: [String: Digest] = [:]) {
        self.sandbox = sandbox
        self.contents = contents
    }
}

extension PodRecord {
    /// Whether all of the Pod's volumes were made for its newest sandbox.
    public var hasVolumes: Bool {
        accepted.pod.spec.volumes.isEmpty || (volumes != nil && volumes?.sandbox == sandbox?.id)
    }

    /// Whether a volume's files are of what was, and what they should be is known. What is missing now changes nothing.
    public var hasOutdatedVolumes: Bool {
        guard let wanted = accepted.sources?.volumes, let volumes, volumes.sandbox == sandbox?.id else { return false }
        return wanted.contains { volumes.contents[$0.key] != $0.value }
    }
}
