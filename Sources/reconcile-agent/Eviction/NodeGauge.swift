import NodeRuntime
import PodModel

/// The node as the evictor sees it: what the runtime measures, and what images can be given up.
struct NodeGauge: NodeMeter {
    let runtime: NodeRuntime
    let images: ImageCollector

    func vitals() async throws -> [EvictionSignal: Supply] { try await runtime.vitals() }

    func records() -> [PodRecord] { runtime.podRecords() }

    func memoryUse() async throws -> [PodUID: [String: Int]] { try await runtime.memoryUse() }

    func diskUse(of pods: [PodUID]) async throws -> [PodUID: PodDiskUse] { try await runtime.diskUse(of: pods) }

    func reclaimDisk() async {
        await images.reclaim()
        await runtime.reclaimDisk()
    }
}
