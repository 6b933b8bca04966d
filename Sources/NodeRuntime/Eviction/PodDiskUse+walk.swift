import Manifests
import PodModel

extension PodDiskUse {
    /// What a Pod keeps on the disk now: writable layers and logs of its containers, and its volumes that end with it.
    /// What is the node's, or a claim's, is not the Pod's. Walks through the files; blocks.
    init(walking record: PodRecord, in paths: NodePaths) {
        self.init()
        let pod = record.accepted.pod
        let logs = paths.logs(of: record.accepted.name, record.uid)
        for container in pod.spec.allContainers {
            var walk = DiskWalk()
            walk.add(paths.layers(of: container.name, in: record.uid))
            walk.add("\(logs)/\(container.name)")
            containers[container.name] = DiskUse(bytes: walk.bytes, inodes: walk.inodes)
        }
        for volume in pod.spec.volumes where !volume.isInMemory {
            var walk = DiskWalk()
            walk.add("\(paths.volumes(of: record.uid))/\(volume.name)")
            volumes[volume.name] = DiskUse(bytes: walk.bytes, inodes: walk.inodes)
        }
    }
}
