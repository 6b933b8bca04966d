import Manifests
import PodModel

/// Where a volume's directory or file is on the node, or in the mount namespace of its Pod's supervisor.
struct VolumePlace: Sendable, Hashable {
    /// A path of the node's.
    let source: String
    /// The way on from there, in which links lead nowhere else.
    var within: [String] = []
    /// On how many of the first of those no link is followed at all.
    var withoutLinks = 0
    /// Whether it may only be read, whoever mounts it.
    var isOnlyRead = false
}

extension NodePaths {
    /// Volumes on disk, that live as long as their Pod: `<state>/pods/<uid>/volumes/<name>`.
    func volumes(of uid: PodUID) -> String { "\(state(of: uid))/volumes" }

    /// Where volumes in memory are mounted, seen by the Pod's supervisor alone: `<run>/pods/<uid>/volumes/<name>`.
    func memoryVolumes(of uid: PodUID) -> String { "\(run(of: uid))/volumes" }

    /// What claims stand for: a directory each, never removed by the agent.
    func claim(_ name: String, in namespace: String) -> String { "\(stateDirectory)/claims/\(namespace)_\(name)" }

    /// Where a Pod's volume is.
    func place(
        of volume: Volume, in pod: PodName, _ uid: PodUID, hostPaths: HostPathPolicy
    ) throws(ActionFailure) -> VolumePlace {
        if let path = volume.hostPath {
            let grant = try hostPaths.grant(path.path, to: pod)
            return VolumePlace(
                source: grant.base, within: grant.steps.map(\.path),
                withoutLinks: grant.steps.prefix { !$0.followsLinks }.count, isOnlyRead: grant.isReadOnly)
        }
        if let claim = volume.persistentVolumeClaim {
            return VolumePlace(source: self.claim(claim.claimName, in: pod.namespace))
        }
        let directory = volume.isInMemory ? memoryVolumes(of: uid) : volumes(of: uid)
        return VolumePlace(source: "\(directory)/\(volume.name)")
    }
}

extension Volume {
    /// Whether it lives in memory: asked for, or for the sake of a Secret.
    var isInMemory: Bool { emptyDir?.medium == .memory || holdsSecrets }

    /// Whether containers may only read it, whatever their mounts say.
    var isReadOnly: Bool { isOfFiles || image != nil || persistentVolumeClaim?.readOnly == true }
}
