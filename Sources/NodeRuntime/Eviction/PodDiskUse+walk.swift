import Manifests
import PodModel

extension PodDiskUse {
    /// What a Pod keeps on the disk now: writable layers and logs of its containers, and its volumes that end with it.
    /// What is the node's, or a claim's, is not the Pod's. Walks through the files; blocks.
    init(walking record: PodRecord, in paths: NodePaths) {
        self.init()
        let pod = record.accepted.pod
        let isBounded = pod.spec.hasDiskLimits
        let logs = paths.logs(of: record.accepted.name, record.uid)
        for container in pod.spec.allContainers {
            var walk = DiskWalk()
            walk.add(paths.layers(of: container.name, in: record.uid))
            walk.add("\(logs)/\(container.name)")
            containers[container.name] = DiskUse(walk, isBounded: isBounded)
        }
        for volume in pod.spec.volumes where !volume.isInMemory {
            var walk = DiskWalk()
            walk.add("\(paths.volumes(of: record.uid))/\(volume.name)")
            volumes[volume.name] = DiskUse(walk, isBounded: isBounded)
        }
    }
}

extension DiskUse {
    /// More than any limit, and still to be added up.
    private static let beyond = 1 << 50

    /// What a walk found. Of a Pod that is to keep within a limit, a part that was not walked through to its end is over
    /// every limit: otherwise who makes enough files could hide as much as he likes behind them.
    init(_ walk: DiskWalk, isBounded: Bool) {
        self.init(bytes: walk.isComplete || !isBounded ? walk.bytes : Self.beyond, inodes: walk.inodes)
    }
}
