import Cgroups
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Volumes in memory")
struct MemoryVolumeTests {
    @Test(
        "hold no more than they say, than their Pod may use, and than what all Pods may request",
        arguments: [
            (nil, nil, 100, 100), (10, nil, 100, 10), (nil, 20, 100, 20), (30, 20, 100, 20), (200, nil, 100, 100),
            (0, 0, 100, 100), (nil, nil, 0, nil),
        ] as [(Int?, UInt64?, Int, UInt64?)])
    func size(sizeLimit: Int?, podLimit: UInt64?, allocatable: Int, expected: UInt64?) {
        let volume = Volume(
            name: "fast", emptyDir: EmptyDirVolume(medium: .memory, sizeLimit: sizeLimit.map { Bytes($0) }))
        let node = NodeAllocatable(cpu: MilliCPU(1000), memory: Bytes(allocatable), ephemeralStorage: Bytes(0))

        #expect(volume.memorySize(within: ResourceLimits(memory: podLimit), on: node) == expected)
    }
}
