import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("A container's log files", .ownThreads)
struct LogTests {
    @Test("a log is rotated by size: every line once, in order, no file too large, no file too many")
    func rotation() async throws {
        try await withPod { pod, supervisor in
            try await start(pod, supervisor, "all", "seq 1 3000", limit: 4096, files: 1000)
            try await start(pod, supervisor, "few", "seq 1 3000", limit: 4096, files: 3)
            try await ended(["all", "few"], supervisor)

            let all = try files(of: "all", pod)
            #expect(all.flatMap(\.lines) == (1...3000).map(String.init))
            #expect(all.count > 10)
            #expect(all.allSatisfy { $0.size <= 4096 })
            let few = try files(of: "few", pod)
            #expect(few.count == 3)
            #expect(few.flatMap(\.lines) == (1...3000).map(String.init).suffix(few.flatMap(\.lines).count))
        }
    }

    @Test("a logger that is killed while it rotates neither loses nor doubles a file")
    func killedLogger() async throws {
        try await withPod { pod, supervisor in
            try await start(
                pod, supervisor, "c1", "for i in $(seq 1 400); do echo $i; usleep 1000; done", limit: 1024, files: 1000)
            for _ in 0..<5 * patience {
                try await Task.sleep(for: .milliseconds(60))
                for process in pod.processes("/supervisors") where process != supervisor.pid { kill(process, SIGKILL) }
            }
            try await ended(["c1"], supervisor)

            let lines = try files(of: "c1", pod).flatMap(\.lines).compactMap { Int($0) }
            #expect(lines == lines.sorted(), "in order, none twice")
            #expect(Set(lines).count == lines.count)
            // What the logger had read and not yet written went with it: at most a buffer each time.
            #expect(lines.last == 400)
        }
    }

    @Test("a file that somebody else renamed or removed is begun anew under its name")
    func outsideRotation() async throws {
        try await withPod { pod, supervisor in
            let script = """
                echo one; while [ ! -e /tmp/a ]; do usleep 5000; done
                echo two; while [ ! -e /tmp/b ]; do usleep 5000; done; echo three
                """
            try await start(pod, supervisor, "c1", script, limit: 1 << 20, files: 5)
            try await waitFor { pod.log("c1") == ["one"] }

            rename("\(pod.logDirectory)/c1.log", "\(pod.logDirectory)/moved")
            _ = try await pod.exec(supervisor, "e1", in: "c1", ["touch", "/tmp/a"])
            try await waitFor { pod.log("c1") == ["two"] }
            unlink("\(pod.logDirectory)/c1.log")
            _ = try await pod.exec(supervisor, "e2", in: "c1", ["touch", "/tmp/b"])
            try await ended(["c1"], supervisor)

            #expect(pod.log("c1") == ["three"])
        }
    }

    @Test("a full disk neither blocks nor ends the container; how many lines are missing is written once there is room")
    func fullDisk() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let disk = pod.logDirectory
        #expect(mount("small", disk, "tmpfs", 0, "size=128k") == 0)
        defer { umount2(disk, Int32(MNT_DETACH)) }
        try Data(repeating: 0x78, count: 64 << 10).write(to: URL(fileURLWithPath: "\(disk)/ballast"))
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)

        let script = "seq 1 20000; touch /tmp/through; while [ ! -e /tmp/go ]; do usleep 5000; done; echo after; exit 7"
        try await start(pod, supervisor, "c1", script, limit: 0, files: 1)
        var isThrough = false
        for number in 0..<200 where !isThrough {
            let (_, output) = try await pod.exec(supervisor, "e\(number)", in: "c1", ["ls", "/tmp"])
            isThrough = output.contains("through")
        }
        #expect(isThrough, "the container waits for a disk")
        // What is in the pipe yet is read before there is room.
        try await Task.sleep(for: .milliseconds(300))
        unlink("\(disk)/ballast")
        _ = try await pod.exec(supervisor, "go", in: "c1", ["touch", "/tmp/go"])
        try await ended(["c1"], supervisor)
        // An exit is told after three seconds, however much there is to write yet.
        try await waitFor { pod.rawLog("c1").hasSuffix("after") }

        let text = try String(contentsOfFile: "\(disk)/c1.log", encoding: .utf8).split(separator: "\n")
        // One as a rule; more when a small piece found room between two large ones that did not.
        let notices = text.filter { $0.contains("lines of this log were lost") }
        #expect(!notices.isEmpty)
        #expect(notices.allSatisfy { $0.hasSuffix("No space left on device") })
        #expect(notices.allSatisfy { $0.contains(" stderr F reconcile-agent: ") })
        let lost = notices.compactMap { $0.split(separator: " ").compactMap { Int($0) }.first }.reduce(0, +)
        let kept = text.count { Int($0.split(separator: " ").last ?? "") != nil }
        #expect(kept + lost == 20_000)
        #expect(text.last?.hasSuffix(" F after") == true)
        let exit = try await supervisor.currentState().first { $0.kind == StateEntry.container }?.exit
        #expect(exit?.code == 7)
        try await supervisor.shutDown()
    }

    private func start(
        _ pod: PodFixture, _ supervisor: Supervisor, _ id: String, _ script: String, limit: UInt64, files: UInt32
    ) async throws {
        var request = try pod.startRequest(id, ["sh", "-c", script])
        request.log = LogPlan(name: Array("\(id).log".utf8), limit: limit, files: files)
        try await pod.start(supervisor, request)
    }

    /// A log's files, the oldest first.
    private func files(of id: String, _ pod: PodFixture) throws -> [(size: Int, lines: [String])] {
        let names = try FileManager.default.contentsOfDirectory(atPath: pod.logDirectory)
        let past = names.filter { $0.hasPrefix("\(id).log.") }.sorted()
        return try (past + ["\(id).log"]).map { name in
            let text = try String(contentsOfFile: "\(pod.logDirectory)/\(name)", encoding: .utf8)
            let lines = text.split(separator: "\n").map { String($0.split(separator: " ", maxSplits: 3).last ?? "") }
            return (text.utf8.count, lines)
        }
    }

    private func ended(_ ids: [String], _ supervisor: Supervisor) async throws {
        try await waitFor {
            let state = try await supervisor.currentState()
            return ids.allSatisfy { id in state.contains { $0.id.elementsEqual(id.utf8) && $0.exit != nil } }
        }
    }

    private func waitFor(_ isSo: () async throws -> Bool) async throws {
        for _ in 0..<1000 * patience {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("it never came to be")
    }

    private func withPod(_ body: (PodFixture, Supervisor) async throws -> Void) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await body(pod, supervisor)
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }
}
