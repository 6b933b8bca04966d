import Foundation
import Glibc
import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("What dies, and what goes on", .ownThreads)
struct AgentDeathTests {
    @Test("a killed agent's Pods go on, and its successor takes them over as they are")
    func adoption() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = AcceptedPod.make()
        let before = try node.agentWithImage()
        let first = try before.start(accepted)
        try before.kill()

        let after = try node.agent()
        let second = try #require(try after.observe(accepted.uid))

        #expect(second == first)
        #expect(try after.exec(["echo", "still here"], accepted.uid).output == "still here\n")
        let id = try #require(second.running("main"))
        try after.perform(.stopContainer(name: "main", id: id, grace: .seconds(10), reason: "test"), accepted.uid)
        #expect(try after.observe(accepted.uid)?.exit("main")?.code == 7)
    }

    @Test("an exit that nobody saw is found by the next agent, with its code")
    func exitWithoutAgent() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = AcceptedPod.make(running: "usleep 300000; exit 3")
        let before = try node.agentWithImage()
        _ = try before.start(accepted)
        try before.kill()
        usleep(500_000)

        let after = try node.agent()

        #expect(try after.observe(accepted.uid)?.exit("main")?.code == 3)
    }

    @Test("a commit that was cut short before the acknowledgement is acknowledged by the next agent")
    func unacknowledgedCommit() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = AcceptedPod.make(running: "exit 3", restartPolicy: .never)
        let before = try node.agentWithImage()
        _ = try before.start(accepted)
        let exit = try #require(try before.observe(accepted.uid) { $0.exit("main") != nil }.exit("main"))
        try before.kill()
        // What a commit that was cut short leaves: the record says so, the supervisor does not know.
        try node.edit(accepted.uid) { $0.containers["main"]?.lastExit = exit }

        let after = try node.agent()
        let pod = try #require(try after.observe(accepted.uid))

        #expect(pod.record.containers["main"]?.lastExit == exit)
        #expect(pod.containers["main"] == nil)
    }

    /// A Pod that is ready as soon as somebody probes it.
    private func probed() -> AcceptedPod {
        AcceptedPod.make { $0.readinessProbe = Probe(exec: ExecAction(command: ["true"]), periodSeconds: 1) }
    }

    @Test("a container that came to life when its agent ended is probed by the next one")
    func unwrittenBirth() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = probed()
        let before = try node.agentWithImage()
        _ = try before.start(accepted)
        try before.kill()
        // What an agent leaves that ended between the birth and its note.
        try node.edit(accepted.uid) { record in
            record.containers["main"]?.startedAt = nil
            record.containers["main"]?.probes = nil
        }

        let after = try node.agent()
        guard case .running(let id, let since)? = try after.observe(accepted.uid)?.containers["main"] else {
            Issue.record("the container does not run")
            return
        }
        try after.perform(.commitStart(id: id, since: since, container: "main"), accepted.uid)

        _ = try after.observe(accepted.uid) { $0.record.containers["main"]?.probes?.verdict.isReady == true }
    }

    @Test("a container is probed as well when its supervisor did not answer at the agent's start")
    func lateAnswer() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = probed()
        let before = try node.agentWithImage()
        _ = try before.start(accepted)
        try before.kill()
        try node.edit(accepted.uid) { $0.containers["main"]?.probes = nil }
        let supervisor = try #require(try node.supervisorProcess())
        kill(supervisor, SIGSTOP)

        let after = try node.agent()
        kill(supervisor, SIGCONT)

        _ = try after.observe(accepted.uid) { $0.record.containers["main"]?.probes?.verdict.isReady == true }
    }

    @Test("without its supervisor a Pod is dead; it is cleared, and made anew with the same UID")
    func supervisorDeath() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = AcceptedPod.make()
        let agent = try node.agentWithImage()
        let first = try agent.start(accepted)
        let supervisor = try #require(try node.supervisorProcess())

        kill(supervisor, SIGKILL)
        let dead = try agent.observe(accepted.uid) { $0.sandbox == .dead }
        #expect(dead.containers["main"] == nil)
        #expect(dead.record.containers["main"]?.startedAt != nil)
        try agent.perform(.stopSandbox, accepted.uid)
        let cleared = try #require(try agent.observe(accepted.uid))

        #expect(cleared.sandbox == .absent)
        #expect(cleared.record.address == nil)
        #expect(cleared.record.sandbox?.attempt == 0)
        try agent.perform(.createSandbox(attempt: 1), accepted.uid)
        try agent.perform(.startContainer(name: "main", attempt: 1, backoff: nil), accepted.uid)
        let second = try #require(try agent.observe(accepted.uid))
        #expect(second.sandbox == .ready)
        #expect(second.running("main") != first.running("main"))
        try agent.ask(.tearDown)
        try node.expectNothingLeft()
    }

    @Test("a damaged record is told by name and set aside; what ran without it is ended")
    func damagedRecord() throws {
        let node = try TestNode()
        defer { node.clean() }
        let (damaged, healthy) = (AcceptedPod.make("damaged"), AcceptedPod.make("healthy"))
        let before = try node.agentWithImage()
        _ = try before.start(damaged)
        let kept = try before.start(healthy)
        try before.kill()
        let path = "\(node.state)/pods/\(damaged.uid)/record"
        try node.shell("truncate -s 100 \(path) && rm -f \(node.run)/records/\(damaged.uid)")

        let after = try node.agent()

        guard case .texts(let told) = try after(.damagedRecords) else { return }
        #expect(told.count == 1)
        #expect(told.first?.contains("Pod \(damaged.uid)") == true)
        #expect(FileManager.default.fileExists(atPath: "\(path).damaged"))
        #expect(try after.observe(damaged.uid) == nil)
        #expect(try after.observe(healthy.uid) == kept)
        #expect(try node.links().count == 1)
        let again = try after.start(damaged)
        #expect(again.running("main") != nil)
    }

    @Test("a second agent is refused, and told who is there")
    func secondAgent() throws {
        let node = try TestNode()
        defer { node.clean() }
        let first = try node.agent()

        let second = try node.agent()

        guard case .failed(_, let message) = second.greeting else {
            Issue.record("the second agent started")
            return
        }
        #expect(message.contains("process \(first.pid)"))
        #expect(message.contains(node.state))
    }

    @Test("another state directory on the same run directory is refused, and the first one's Pods go on")
    func sharedRunDirectory() throws {
        let node = try TestNode()
        defer { node.clean() }
        let first = try node.agentWithImage()
        let pod = try first.start(AcceptedPod.make())

        let second = try node.agent(other: "-2")

        guard case .failed(_, let message) = second.greeting else {
            Issue.record("the second agent started")
            return
        }
        #expect(message.contains("holds the running Pods of another state directory"))
        #expect(message.contains("--run-dir"))
        #expect(try first.observe(pod.uid) == pod)
    }

    @Test("a cgroup parent that a killed agent left without its mark is taken over, because it was intended")
    func intendedParent() throws {
        let node = try TestNode()
        defer { node.clean() }
        try node.agent().kill()
        // What a kill between mkdir and the mark leaves.
        try node.endEverything()
        try node.shell(
            """
            for tree in /sys/fs/cgroup/unified /sys/fs/cgroup/memory /sys/fs/cgroup; do
                [ -e $tree/cgroup.procs ] && mkdir $tree/\(node.parent) && break
            done
            """)
        guard case .failed(_, let refusal) = try node.agent().greeting else {
            Issue.record("an unmarked parent was taken over that nobody intended")
            return
        }
        #expect(refusal.contains("carries no mark of ours"))
        try node.shell("echo \(node.parent) > state/intended-parent")

        let agent = try node.agentWithImage()

        #expect(try agent.start(AcceptedPod.make()).running("main") != nil)
        try agent.ask(.tearDown)
        try node.expectNothingLeft()
    }

    @Test("a supervisor that hangs is ended after a bounded silence; its Pod is made anew, and told why")
    func hangingSupervisor() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage(silence: 1)
        let accepted = AcceptedPod.make()
        _ = try agent.start(accepted)
        let supervisor = try #require(try node.supervisorProcess())

        kill(supervisor, SIGSTOP)
        guard case .failed(_, let message) = try agent(.observe(accepted.uid)) else {
            Issue.record("a stopped supervisor answered")
            return
        }
        #expect(message.contains("did not answer"))
        guard case .event(.changed(accepted.uid)) = try agent(.nextEvent) else {
            Issue.record("nobody was asked to look again")
            return
        }
        let dead = try #require(try agent.observe(accepted.uid))

        #expect(dead.sandbox == .dead)
        let (detail, _) = try agent.perform(.stopSandbox, accepted.uid)
        #expect(detail.hasPrefix("its supervisor had not answered for ") && detail.hasSuffix(" s and was ended"))
        #expect(try node.supervisorProcess() == nil)
        try agent.perform(.createSandbox(attempt: 1), accepted.uid)
        try agent.perform(.startContainer(name: "main", attempt: 1, backoff: nil), accepted.uid)
        #expect(try agent.observe(accepted.uid)?.running("main") != nil)
    }

    @Test("after a reboot nothing of a Pod lives, whatever its run directory says, and it is made anew with its UID")
    func reboot() throws {
        let node = try TestNode()
        defer { node.clean() }
        let accepted = AcceptedPod.make()
        let before = try node.agentWithImage()
        let first = try before.start(accepted)
        try before.kill()
        // What a machine that was switched off leaves: the state, and, where it is on a disk, the run directory.
        try node.endEverything()
        try node.shell("echo earlier-boot > run/boot")
        try node.edit(accepted.uid) { $0.bootID = BootID("earlier-boot") }

        let after = try node.agent()
        let dead = try #require(try after.observe(accepted.uid))
        #expect(dead.sandbox == .absent)
        #expect(dead.containers.isEmpty)
        try after.perform(.createSandbox(attempt: 1), accepted.uid)
        try after.perform(.startContainer(name: "main", attempt: 1, backoff: nil), accepted.uid)
        let second = try #require(try after.observe(accepted.uid))

        #expect(second.sandbox == .ready)
        #expect(second.record.bootID != dead.record.bootID)
        #expect(second.running("main") != nil && second.running("main") != first.running("main"))
    }

    @Test("a stray file among the Pods' records is left alone, and the agent starts")
    func strayFile() throws {
        let node = try TestNode()
        defer { node.clean() }
        try node.agent().kill()
        try node.shell("echo mine > state/pods/notes.txt; mkdir state/pods/backup; echo mine > state/pods/backup/notes")

        let agent = try node.agentWithImage()
        let pod = try agent.start(AcceptedPod.make())

        guard case .pods(let seen) = try agent(.viewAll) else { return }
        #expect(seen == [pod])
        #expect(try node.shell("cat state/pods/notes.txt state/pods/backup/notes") == "mine\nmine\n")
    }

    @Test("a look from beside the agent sees what the agent sees")
    func view() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let pod = try agent.start(AcceptedPod.make())

        guard case .pods(let seen) = try agent(.view(pod.uid)) else { return }

        #expect(seen == [pod])
    }
}
