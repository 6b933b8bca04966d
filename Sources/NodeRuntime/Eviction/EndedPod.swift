import Linux
import Manifests
import PodModel

/// A Pod that stays ended: it keeps its record and its logs, and needs nothing else.
struct EndedPod {
    private let record: PodRecord

    /// Nil of a Pod that may run again.
    init?(_ record: PodRecord) {
        guard record.finalPhase != nil else { return nil }
        self.record = record
    }

    /// Removes its writable layers, and its volumes that end with it, once nothing of it lives. What is the node's, or a
    /// claim's, lies elsewhere and stays.
    func giveBack(in paths: NodePaths) throws(SystemError) {
        guard !isDirectory(paths.run(of: record.uid)) else { return }
        try removeTree("\(paths.state(of: record.uid))/containers")
        // What its containers mounted for the node may still be there, and is not the Pod's to remove.
        let spec = record.accepted.pod.spec
        guard !spec.volumes.contains(where: spec.isMountedIn) else { return }
        try removeTree(paths.volumes(of: record.uid))
    }
}
