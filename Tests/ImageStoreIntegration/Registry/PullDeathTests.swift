import Foundation
import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("A pull whose processes die")
struct PullDeathTests {
    /// Who is killed.
    private enum Victim: CaseIterable { case agent, worker, both }

    @Test("killed fifty times at any instant, agent, worker or both: the store is sound, and nothing leaks")
    func killed() async throws {
        let workspace = try await PullTests.made()
        try await workspace.shell(
            """
            for name in a b c; do mkdir $name && head -c 150000 /dev/urandom >$name/random && tar -C $name -cf $name.tar .; done
            """)
        var layers: [[UInt8]] = []
        for name in ["one.tar", "a.tar", "b.tar", "c.tar"] { layers.append(try await workspace.bytes(of: name)) }
        try workspace.write(dockerArchive(layers), to: "image.tar")
        let server = try await RegistryServer.start(in: workspace)
        try await server.push("docker-archive:image.tar", as: "app:1")
        let slow = try await FaultyRegistry.start(.slow, before: server, in: workspace)
        let name = "\(slow.host)/app:1"
        let whole = try await pull(name, into: "store", workspace).end(killing: nil)
        #expect(whole.status == .exited(0))
        let contents = try await Self.contents(of: "store", workspace)

        var chance = SystemRandomNumberGenerator()
        var successes = 0
        for round in 0..<50 {
            _ = try await workspace.store().prune(keeping: []) { _ in true }
            let pull = try pull(name, into: "store", workspace)
            try await Task.sleep(for: whole.took * (Double(round) + .random(in: 0..<1, using: &chance)) / 50)
            let end = try await pull.end(killing: Victim.allCases[round % 3])

            if end.status == .exited(0) { successes += 1 }
            #expect(end.survivors == [], "round \(round): processes outlive their agent")
            let found = try await workspace.store().verify()
            #expect(found.damages == [], "round \(round)")
        }
        #expect(successes < 25, "most were killed in the middle: \(successes) were not")

        let last = try await pull(name, into: "store", workspace).end(killing: nil)
        #expect(last.status == .exited(0))
        let found = try await workspace.store().verify()
        #expect(found.images == 1 && found.damages == [] && found.leftovers == [])
        #expect(try await Self.contents(of: "store", workspace) == contents)
    }

    /// Every name in a store; nothing of what was cut short is among them.
    private static func contents(of store: String, _ workspace: Workspace) async throws -> String {
        try await workspace.shell("cd \(store) && find . -path './layers/*/*' -prune -o -print | LC_ALL=C sort")
    }

    private func pull(_ name: String, into store: String, _ workspace: Workspace) throws -> RunningPull {
        try RunningPull(["pull", "\(workspace.path)/\(store)", name])
    }

    /// A process that pulls.
    private struct RunningPull: ~Copyable {
        private let child: ChildProcess
        private let begun = ContinuousClock.now

        struct End {
            let status: Linux.ExitStatus
            let took: Duration
            /// Its descendants that live on, or come to life, once it has ended.
            let survivors: Set<pid_t>
        }

        init(_ arguments: [String]) throws {
            let null = try Descriptor.open("/dev/null", O_RDWR)
            child = try spawn(
                executable: Workspace.worker.executable, arguments: arguments, environment: [:],
                descriptors: [0: null.raw, 1: null.raw, 2: null.raw])
        }

        consuming func end(killing victim: Victim?) async throws -> End {
            let pid = child.pid
            let workers = victim == nil ? [] : Self.descendants(of: pid)
            if victim == .worker || victim == .both { for worker in workers { kill(worker, SIGKILL) } }
            if victim == .agent || victim == .both || (victim == .worker && workers.isEmpty) { kill(pid, SIGKILL) }
            // What was born since it was looked is among them too.
            let status = try child.reap()
            let took = ContinuousClock.now - begun
            var survivors = workers
            for _ in 0..<200 {
                guard !survivors.isEmpty else { break }
                survivors = survivors.filter { Self.isAlive($0) }
                if !survivors.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            }
            return End(status: status, took: took, survivors: survivors)
        }

        private static func descendants(of pid: pid_t) -> Set<pid_t> {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
            let children = threads.flatMap { thread in
                ((try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/children", encoding: .utf8)) ?? "")
                    .split(separator: " ").compactMap { pid_t($0) }
            }
            return children.reduce(into: Set(children)) { $0.formUnion(descendants(of: $1)) }
        }

        private static func isAlive(_ pid: pid_t) -> Bool {
            let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            // A zombie is its parent's to bury.
            return status.contains("(test-unpack-wor)") && !status.contains(") Z ")
        }
    }
}
