import Glibc
import Linux
import Patience
import Testing

@testable import Cgroups

/// Limits as the kernel of this machine keeps them, whichever of the two layouts it has.
@Suite("Limits", .enabled(if: geteuid() == 0, "needs root"))
struct LimitTests {
    @Test("what is asked for stands in the control files")
    func values() throws {
        try withPod { tree in
            let limits = ResourceLimits(
                cpuShares: CPUShares(milliCPU: 250), cpuQuota: CPUQuota(milliCPU: 500), memory: 64 << 20)
            let placement = try tree.makeContainer(pod: "web", id: "c0", limits: limits)

            #expect(placement.missing.isEmpty)
            func read(_ controller: Controller, _ file: String) throws -> String? {
                try tree.open(["podweb", "c0"], of: controller)?.read(file)
            }
            if tree.backend == .unified {
                #expect(try read(.cpu, "cpu.weight") == "35\n")
                #expect(try read(.cpu, "cpu.max") == "50000 100000\n")
                #expect(try read(.memory, "memory.max") == "\(64 << 20)\n")
                #expect(try read(.memory, "memory.oom.group") == "1\n")
            } else {
                #expect(try read(.cpu, "cpu.shares") == "256\n")
                #expect(try read(.cpu, "cpu.cfs_quota_us") == "50000\n")
                #expect(try read(.cpu, "cpu.cfs_period_us") == "100000\n")
                #expect(try read(.memory, "memory.limit_in_bytes") == "\(64 << 20)\n")
            }
        }
    }

    @Test(
        "nothing of a container is paged out, with a limit of memory or without, before and after a resize",
        .enabled(
            if: access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0, "v1 hierarchies bind swap by a limit alone"))
    func swap() throws {
        try withPod { tree in
            _ = try tree.makeContainer(pod: "web", id: "c0", limits: ResourceLimits())
            #expect(try swapLent(to: ["podweb", "c0"], of: tree) == "0\n")
            for memory in [64 << 20, nil] as [UInt64?] {
                let limits = ResourceLimits(memory: memory)
                try tree.resize(pod: "web", container: "c0", to: limits, ofPod: limits)
                #expect(try swapLent(to: ["podweb", "c0"], of: tree) == "0\n")
            }
        }
    }

    /// A kernel that knows no swap lends none.
    private func swapLent(to names: [String], of tree: CgroupTree) throws -> String {
        guard let directory = try tree.open(names, of: .memory), directory.has("memory.swap.max") else { return "0\n" }
        return try directory.read("memory.swap.max")
    }

    @Test("a busy loop gets its quota and no more")
    func quota() throws {
        try withPod { tree in
            let limits = ResourceLimits(cpuQuota: CPUQuota(milliCPU: 200))
            let placement = try tree.makeContainer(pod: "web", id: "c0", limits: limits)
            let child = try Child("while :; do :; done")
            try placement.admit(child.process)
            try child.go()

            var text = ""
            // A fifth of a processor is more than it gets at once where others are busy.
            for _ in 0..<(100 * patience) {
                text = try tree.open(["podweb", "c0"], of: .cpu)?.read("cpu.stat") ?? ""
                guard value(of: "nr_throttled", in: text) ?? 0 == 0 else { break }
                usleep(100_000)
            }
            #expect(value(of: "nr_throttled", in: text) ?? 0 > 0, "\(text)")
            try tree.kill(pod: "web")
            #expect(try child.signal() == SIGKILL)
        }
    }

    @Test("a fork bomb stops at the Pod's number of processes")
    func processes() throws {
        try withTree { tree in
            try tree.prepare()
            try tree.makePod("web", limits: ResourceLimits(processes: 20))
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            let child = try Child("i=0; while [ $i -lt 100 ]; do sleep 60 & i=$((i+1)); done 2>/dev/null; wait")
            try placement.admit(child.process)
            try child.go()

            // Full after some milliseconds; a slow machine gets five seconds and more.
            for _ in 0..<(50 * patience) {
                guard try tree.processes(pod: "web").count < 20 else { break }
                usleep(100_000)
            }
            usleep(200_000)

            let count = try tree.processes(pod: "web").count
            #expect(count <= 20 && count > 1)
            try tree.kill(pod: "web")
            _ = try child.signal()
        }
    }

    @Test("limits of a running container change, up and down, whatever its Pod's were")
    func resize() throws {
        try withTree { tree in
            try tree.prepare()
            func limits(_ milliCPU: Int64, _ memory: UInt64, processes: Int? = nil) -> ResourceLimits {
                ResourceLimits(
                    cpuShares: CPUShares(milliCPU: milliCPU), cpuQuota: CPUQuota(milliCPU: milliCPU), memory: memory,
                    processes: processes)
            }
            try tree.makePod("web", limits: limits(500, 64 << 20, processes: 100))
            let placement = try tree.makeContainer(pod: "web", id: "c0", limits: limits(500, 64 << 20))
            let child = try Child("exec sleep 60")
            try placement.admit(child.process)

            for (milliCPU, memory) in [(Int64(1000), UInt64(128 << 20)), (100, 32 << 20), (2000, 256 << 20)] {
                let missing = try tree.resize(
                    pod: "web", container: "c0", to: limits(milliCPU, memory),
                    ofPod: limits(milliCPU, memory, processes: 100))
                #expect(missing.isEmpty)
                for names in [["podweb"], ["podweb", "c0"]] {
                    let file = tree.backend == .unified ? "memory.max" : "memory.limit_in_bytes"
                    #expect(try tree.open(names, of: .memory)?.read(file) == "\(memory)\n")
                }
            }
            let unbounded = try tree.resize(
                pod: "web", container: "c0", to: ResourceLimits(), ofPod: ResourceLimits(processes: 100))
            #expect(unbounded.isEmpty)
            #expect(try tree.processes(pod: "web") == [child.process])
        }
    }

    @Test("memory below what a container uses is refused, and nothing is changed")
    func belowUse() throws {
        try withPod { tree in
            let limits = ResourceLimits(memory: 64 << 20)
            let placement = try tree.makeContainer(pod: "web", id: "c0", limits: limits)
            // Holds what it has read while nobody takes it.
            let child = try Child("dd if=/dev/zero bs=20000000 count=1 2>/dev/null | sleep 600")
            try placement.admit(child.process)
            try child.go()
            for _ in 0..<(500 * patience) {
                guard try tree.memoryInUse(pod: "web", container: "c0") < 20_000_000 else { break }
                usleep(20_000)
            }

            let error = #expect(throws: CgroupError.self) {
                try tree.resize(
                    pod: "web", container: "c0", to: ResourceLimits(memory: 8 << 20),
                    ofPod: ResourceLimits(memory: 8 << 20))
            }

            guard case .limitBelowUse("c0", 8_388_608, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let file = tree.backend == .unified ? "memory.max" : "memory.limit_in_bytes"
            #expect(try tree.open(["podweb", "c0"], of: .memory)?.read(file) == "\(64 << 20)\n")
        }
    }
}
