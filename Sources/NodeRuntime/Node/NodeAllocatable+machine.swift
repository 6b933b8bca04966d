import Glibc
import Manifests
import PodModel

extension NodeAllocatable {
    /// All processors and all memory of this machine, for want of anybody who knows what is reserved of them, and how large
    /// the disk is.
    static let wholeMachine = NodeAllocatable(
        cpu: MilliCPU(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 1000), memory: Bytes(OOMScore.nodeMemory()),
        ephemeralStorage: Bytes(0))
}
