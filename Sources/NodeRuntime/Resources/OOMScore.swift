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
        switch QoSClass(pod.spec) {
        case .guaranteed: return -997
        case .bestEffort: return 1000
        case .burstable:
            let requested = container.resources.requests.memory?.count ?? 0
            let share = nodeMemory > 0 ? Double(requested) / Double(nodeMemory) : 0
            // Above every guaranteed Pod, below every one that asked for nothing.
            return Int32(min(max(3, 1000 - 1000 * share), 999))
        }
    }

    /// The machine's memory in bytes.
    static func nodeMemory() -> Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
}
