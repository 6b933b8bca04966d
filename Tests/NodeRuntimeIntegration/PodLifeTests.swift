import Foundation
import Glibc
import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("A Pod on a node", .ownThreads)
struct PodLifeTests {
    @Test("runs, is stopped, and starts again with the same address and a new container")
    func lifeOfAPod() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(env: [EnvVar(name: "A", value: "1"), EnvVar(name: "B", value: "$(A)2")])
        let uid = accepted.uid

        let first = try agent.start(accepted)
        let firstID = try #require(first.running("main"))
        let address = try #require(first.record.address)
        #expect(first.sandbox == .ready)
        #expect(first.record.startTime != nil)
        let (code, seen) = try agent.exec(["sh", "-c", "echo $A $B $FROM_IMAGE $HOSTNAME; cat /etc/hosts"], uid)
        #expect(code == 0)
        #expect(seen.hasPrefix("1 12 yes web\n"))
        #expect(seen.contains("\(address)\tweb\n"))

        try agent.perform(.stopContainer(name: "main", id: firstID, grace: .seconds(10), reason: "test"), uid)
        let stopped = try #require(try agent.observe(uid))
        let exit = try #require(stopped.exit("main"))
        #expect(exit.id == firstID)
        #expect(exit.code == 7)
        #expect(exit.reason == .error)
        try agent.perform(.commitExit(exit, container: "main"), uid)
        try agent.perform(.startContainer(name: "main", attempt: 1, backoff: nil), uid)
        let second = try #require(try agent.observe(uid))

        let secondID = try #require(second.running("main"))
        #expect(secondID != firstID)
        #expect(second.record.address == address)
        #expect(second.record.containers["main"]?.attempt == 1)
        #expect(second.record.containers["main"]?.previousExit == exit)
        #expect(second.record.containers["main"]?.lastExit == nil)
        for attempt in 0...1 {
            let path = "\(node.logs)/default_web_\(uid)/main/\(attempt).log"
            #expect(try node.text(of: path, until: { !$0.isEmpty }).hasSuffix(" stdout F up\n"))
        }
    }

    @Test("does nothing twice: each action may be repeated")
    func actionsAreIdempotent() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make()
        let uid = accepted.uid

        let first = try agent.start(accepted)
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), uid)
        try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), uid)
        let second = try #require(try agent.observe(uid))

        #expect(second.running("main") == first.running("main"))
        #expect(second.record.address == first.record.address)
        #expect(try node.links().count == 1)
        try agent.perform(.stopSandbox, uid)
        try agent.perform(.stopSandbox, uid)
        try agent.perform(.remove, uid)
        try agent.perform(.remove, uid)
        #expect(try agent.observe(uid) == nil)
    }

    @Test("among twenty that start at once has an address of its own")
    func manyAtOnce() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let pods = (0..<20).map { AcceptedPod.make("web-\($0)") }
        let steps = [PodAction.createSandbox(attempt: 0), .startContainer(name: "main", attempt: 0, backoff: nil)]

        try agent.ask(.register(pods))
        try agent.ask(.performTogether(steps, pods.map(\.uid)))
        guard case .pods(let observed) = try agent(.observeAll) else { return }

        #expect(observed.count == 20)
        #expect(observed.allSatisfy { $0.sandbox == .ready && $0.running("main") != nil })
        #expect(Set(observed.map(\.record.address)).count == 20)
        try agent.ask(.performTogether([.stopSandbox, .remove], pods.map(\.uid)))
        try agent.ask(.tearDown)
        try node.expectNothingLeft()
    }

    @Test("whose program does not exist ends with code 128 and says why")
    func startError() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(command: ["no-such-program"], restartPolicy: .never)

        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        let (detail, _) = try agent.perform(.startContainer(name: "main", attempt: 0, backoff: nil), accepted.uid)
        let pod = try #require(try agent.observe(accepted.uid))

        let exit = try #require(pod.record.containers["main"]?.lastExit)
        #expect(exit.code == 128)
        #expect(exit.reason == .startError)
        #expect(exit.startedAt == nil)
        #expect(exit.message == "exec: \"no-such-program\": executable file not found in $PATH")
        #expect(detail.hasPrefix("StartError"))
        #expect(pod.containers["main"] == nil)
    }

    @Test(
        "whose image is not on the node says so where a person looks",
        arguments: [
            (ImagePullPolicy.never, "ErrImageNeverPull"), (.ifNotPresent, "ErrImagePull"), (.always, "ErrImagePull"),
        ])
    func missingImage(policy: ImagePullPolicy, reason: String) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agent()
        let accepted = AcceptedPod.make(image: "absent:1", policy: policy)

        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        let failure = #expect(throws: ActionFailure.self) {
            try agent.perform(.pullImage(image: "absent:1", container: "main"), accepted.uid)
        }

        #expect(try agent.observe(accepted.uid)?.imagesToPull == ["main": ["absent:1"]])
        #expect(failure?.reason == reason)
        let record = try #require(try agent.observe(accepted.uid)?.record.containers["main"])
        #expect(record.waiting?.reason == reason)
        #expect(record.id == nil)
    }

    @Test("that ends by itself is told, with its exit code, until it is committed")
    func exitIsTold() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(running: "usleep 300000; exit 3", restartPolicy: .never)

        _ = try agent.start(accepted)
        guard case .event(.changed(let changed)) = try agent(.nextEvent) else {
            Issue.record("no event came")
            return
        }
        #expect(changed == accepted.uid)
        let exit = try #require(try agent.observe(accepted.uid)?.exit("main"))
        try agent.perform(.finish(.failed), accepted.uid)
        try agent.perform(.commitExit(exit, container: "main"), accepted.uid)
        let pod = try #require(try agent.observe(accepted.uid))

        #expect(exit.code == 3)
        #expect(pod.record.finalPhase == .failed)
        #expect(pod.record.stopDeadline != nil)
        #expect(pod.record.containers["main"]?.lastExit == exit)
        #expect(pod.containers["main"] == nil)
    }

    @Test("may have a name as long as names may be")
    func longName() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make(String(repeating: "long-name.", count: 25) + "web")

        _ = try agent.start(accepted)
        let directory = try node.shell("ls logs").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(directory.utf8.count == 255)
        #expect(directory.hasPrefix("default_long-name."))
        #expect(directory.hasSuffix("_\(accepted.uid)"))
        #expect(try node.text(of: "\(node.logs)/\(directory)/main/0.log", until: { !$0.isEmpty }).hasSuffix(" F up\n"))
        try agent.perform(.stopSandbox, accepted.uid)
        try agent.perform(.remove, accepted.uid)

        #expect(try agent.observe(accepted.uid) == nil)
    }

    @Test("leaves nothing behind when it is removed, and neither does its node")
    func nothingIsLeft() throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let (removed, torn) = (AcceptedPod.make("removed"), AcceptedPod.make("torn"))

        _ = try agent.start(removed)
        _ = try agent.start(torn)
        try agent.perform(.stopSandbox, removed.uid)
        try agent.perform(.remove, removed.uid)

        #expect(!FileManager.default.fileExists(atPath: "\(node.state)/pods/\(removed.uid)"))
        #expect(try agent.exec(["hostname"], torn.uid).output == "torn\n")
        try agent.ask(.tearDown)
        try node.expectNothingLeft()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(node.state)/pods").isEmpty)
        #expect(
            try node.shell("ls logs") == node.shell("ls state/removed-logs"), "the logs stay, known for what they are")
    }
}
