/// What can be told and done about a node that runs short: by the node, or by a test's stand-in.
public protocol NodeMeter: Sendable {
    /// What is left of each thing that is measured. Cheap: a few reads of the kernel's accounts. A measure that cannot
    /// be taken is left out.
    func vitals() async throws -> [EvictionSignal: Supply]

    /// The records of the node's Pods; no supervisor is asked.
    func records() -> [PodRecord]

    /// Memory in use, in bytes, by the containers of each Pod that have processes.
    func memoryUse() async throws -> [PodUID: [String: Int]]

    /// Room taken on the disk by some Pods. Walks through their files: asked for only where it matters.
    func diskUse(of pods: [PodUID]) async throws -> [PodUID: PodDiskUse]

    /// Gives back room on the disk that nobody needs: what ended containers and Pods left, images of no Pod.
    func reclaimDisk() async
}
