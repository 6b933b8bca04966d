import Foundation
import Glibc
import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("Whom an image says its containers run as")
struct ImageUserTests {
    @Test(
        "a name that the image does not know keeps the container from being created, in words, until it is another image",
        arguments: [
            ("nosuch", "has no user \"nosuch\""), ("root:nosuch", "has no group \"nosuch\""),
            ("4294967296", "larger than 2147483647"),
        ])
    func unknown(user: String, words: String) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage(user: user)
        let accepted = AcceptedPod.make()
        try agent.ask(.register([accepted]))
        try agent.perform(.createSandbox(attempt: 0), accepted.uid)
        let start = PodAction.startContainer(name: "main", attempt: 0, backoff: nil)

        for _ in 0..<2 {
            let failure = #expect(throws: ActionFailure.self) { try agent.perform(start, accepted.uid) }
            #expect(failure?.reason == "CreateContainerError")
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
            let record = try #require(try agent.observe(accepted.uid)?.record.containers["main"])
            #expect(record.waiting?.reason == "CreateContainerError")
            #expect(record.attempt == 0 && record.lastExit == nil && record.startedAt == nil)
        }

        try node.shell("rm -rf image")
        try agent.ask(.importImage(try node.busyboxArchive()))
        try agent.perform(start, accepted.uid)
        #expect(try agent.observe(accepted.uid)?.running("main") != nil)
        try agent.perform(.stopSandbox, accepted.uid)
    }

    @Test(
        "names are looked up in the image, and a number needs no entry there",
        arguments: [("root", "0 0"), ("root:root", "0 0"), ("1234", "1234 0"), ("1234:4321", "1234 4321")])
    func known(user: String, ids: String) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage(user: user)
        let accepted = AcceptedPod.make()
        _ = try agent.start(accepted)

        #expect(try agent.exec(["sh", "-c", "echo $(id -u) $(id -g)"], accepted.uid).output == "\(ids)\n")
        try agent.perform(.stopSandbox, accepted.uid)
    }
}
