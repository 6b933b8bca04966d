import Glibc
import Linux
import Manifests

/// How willingly the kernel kills a container's processes when the machine's memory runs out (kubelet: oom_score_adj).
enum OOMScore {
    /// - Parameters:
    ///   - container: one of the Pod's.
    ///   - nodeMemory: the machine's memory in bytes.
    /// - Returns: from -997, one of the last to go, to 1000, the first one.
    static func adjustment(of container: Container, in pod: Pod, nodeMemory: Int) -> Int32 {
        if pod.spec.isNodeCritical { return guaranteed }
        switch QoSClass(pod.spec) {
        case .guaranteed: return guaranteed
        case .bestEffort: return 1000
        case .burstable:
            var score = 1000 - share(of: pod.spec.memory(of: container), nodeMemory)
            if container.isSidecar, pod.spec.hasInit(container.name) {
                // No sooner than the containers that need it.
                let least = pod.spec.containers.map { pod.spec.memory(of: $0) }.min() ?? 0
                score = min(score, 1000 - share(of: least, nodeMemory))
            }
            // Above every guaranteed Pod, below every one that asked for nothing.
            return Int32(min(max(3, score), 999))
        }
    }

    private static let guaranteed: Int32 = -997

    /// Whole thousandths of the machine's memory.
    private static func share(of bytes: Int, _ nodeMemory: Int) -> Int {
        nodeMemory > 0 ? Int(clamping: 1000 * Int128(bytes) / Int128(nodeMemory)) : 0
    }

    /// The machine's memory in bytes.
    static func nodeMemory() -> Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
}

extension PodSpec {
    /// kubelet: `IsNodeCriticalPod`.
    fileprivate var isNodeCritical: Bool { priority.rank >= 2_000_001_000 }

    /// What a container requests, with its part of what the Pod as a whole requests beyond its containers.
    fileprivate func memory(of container: Container) -> Int {
        func own(_ container: Container) -> Int { container.resources.requests.memory?.count ?? 0 }
        guard let whole = resources?.requests.memory?.count else { return own(container) }
        let together = peak { $0.requests.memory?.count ?? 0 }
        return own(container) &+ max(0, whole &- together) / max(1, allContainers.count)
    }
}
