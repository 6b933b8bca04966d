import Glibc
import Linux
import Patience
import Testing

@testable import Cgroups

/// What the kernel of this machine counts, whichever of the two layouts it has.
@Suite("Usage", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct UsageTests {
    @Test("a container that burns a processor shows its time, and so does its Pod")
    func processor() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            let child = try Child("while :; do :; done")
            try placement.admit(child.process)
            // What it spent before it was put there is nobody's here. It may still be starting: each reading is taken
            // between two of the process's own.
            let before = processorTime(child.process)
            let first = try #require(try tree.usage(pod: "web", container: "c0")?.cpuNanoseconds)
            let after = processorTime(child.process)
            try child.go()

            usleep(500_000)
            let least = processorTime(child.process) - after
            let last = try #require(try tree.usage(pod: "web", container: "c0")?.cpuNanoseconds)
            let most = processorTime(child.process) - before

            // The kernel adds it up at its ticks: a tenth of a second more or less.
            let counted = last - first
            #expect(counted > 0)
            #expect(counted + 100_000_000 > least && counted < most + 100_000_000, "\(least) \(counted) \(most)")
            let pod = try #require(try tree.usage(pod: "web")?.cpuNanoseconds)
            #expect(pod >= counted)
            try tree.kill(pod: "web")
            #expect(try child.signal() == SIGKILL)
        }
    }

    @Test("a container that holds memory shows it; what it merely read from files goes away again")
    func memory() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            // Holds what it has read while nobody takes it.
            let child = try Child("dd if=/dev/zero bs=50000000 count=1 2>/dev/null | sleep 600")
            try placement.admit(child.process)
            try child.go()

            var used: UInt64 = 0
            for _ in 0..<(500 * patience) {
                guard used < 50_000_000 else { break }
                usleep(20_000)
                used = try tree.usage(pod: "web", container: "c0")?.workingSet ?? 0
            }

            #expect(used >= 50_000_000)
            #expect(used < 300_000_000)
            #expect(try tree.usage(pod: "web")?.workingSet ?? 0 >= 50_000_000)
            try tree.kill(pod: "web")
            _ = try child.signal()
        }
    }

    @Test("processes are counted; a cgroup that is gone has used nothing anybody knows")
    func processes() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            let child = try Child("sleep 600 & sleep 600 & wait")
            try placement.admit(child.process)
            try child.go()

            var count: UInt64 = 0
            for _ in 0..<(250 * patience) {
                guard count < 3 else { break }
                usleep(20_000)
                count = try tree.usage(pod: "web", container: "c0")?.processes ?? 0
            }

            #expect(count == 3)
            #expect(try tree.usage(pod: "web", container: "c1") == nil)
            #expect(try tree.usage(pod: "other") == nil)
            try tree.kill(pod: "web")
            _ = try child.signal()
        }
    }

    /// Nanoseconds of processor time, as /proc/PID/schedstat counts them.
    private func processorTime(_ process: pid_t) -> UInt64 {
        guard let file = try? Descriptor.open("/proc/\(process)/schedstat"), let bytes = try? file.readToEnd() else {
            return 0
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").first.flatMap { UInt64($0) } ?? 0
    }
}
