import Foundation
import Glibc
import NodeFixture
import Patience
import PodModel
import Testing

@Suite("Supervisors started ahead", .ownThreads)
struct SpareSupervisorTests {
    @Test("a Pod takes one that waits, and another is started in its place")
    func taking() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let before = try node.spares(atLeast: 1)

        _ = try agent.start(.make())

        let supervisor = try #require(try node.supervisorProcess())
        #expect(before.contains(supervisor))
        let after = try node.spares(atLeast: 1)
        #expect(!after.contains(supervisor))
    }

    @Test("those of a killed agent are ended by its successor, which starts its own")
    func successor() throws {
        let node = try TestNode()
        defer { node.clean() }
        let first = try node.agentWithImage()
        let old = try node.spares(atLeast: 2)
        try first.kill()

        let second = try node.agent()
        let new = try node.spares(atLeast: 2)

        #expect(Set(old).isDisjoint(with: new))
        for process in old {
            // Killed, it is there until init has reaped it.
            for _ in 0..<1000 * patience {
                guard kill(process, 0) == 0 else { break }
                usleep(10_000)
            }
            #expect(kill(process, 0) != 0, "spare supervisor \(process) lives on")
        }
        try second.ask(.tearDown)
        try node.expectNothingLeft()
    }

    @Test("a spare that was killed holds up no Pod")
    func killed() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        for process in try node.spares(atLeast: 2) { kill(process, SIGKILL) }

        let pod = try agent.start(.make())

        #expect(pod.sandbox == .ready)
        #expect(pod.running("main") != nil)
    }
}

extension TestNode {
    /// The supervisors that wait for a Pod, loggers left out; waits up to five seconds for as many as wanted.
    fileprivate func spares(atLeast wanted: Int) throws -> [pid_t] {
        var found: [pid_t] = []
        for _ in 0..<1000 * patience {
            // Whoever listens is ready; its logger does not.
            found = try shell(
                """
                for process in $(cat /sys/fs/cgroup/unified/\(parent)/supervisors/cgroup.procs \
                    /sys/fs/cgroup/\(parent)/supervisors/cgroup.procs 2>/dev/null); do
                    case $(readlink /proc/$process/cwd) in */spares/*) ;; *) continue ;; esac
                    [ "$(cat /proc/$process/comm)" = logger ] || echo $process
                done
                """
            ).split(separator: "\n").compactMap { pid_t($0) }
            if found.count >= wanted { return found }
            usleep(10_000)
        }
        throw Problem(description: "\(found.count) spare supervisors where \(wanted) are wanted")
    }
}
