import Aftermath
import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("What is mounted below a volume later")
struct SharedVolumeTests {
    enum Propagation: CaseIterable, Sendable { case none, hostToContainer, bidirectional }

    @Test(
        "is seen by the other side exactly where the manifest says so: the node's in the container, the container's on the node",
        arguments: Propagation.allCases)
    func propagation(_ propagation: Propagation) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        // On the node, for the time of the test.
        let volume = "\(pod.base)/shared"
        let aftermath = try Aftermath("umount -R \"$1\"", volume)
        defer { try? aftermath.settle() }
        try node("mkdir \(volume); mount -t tmpfs shared \(volume); mount --make-shared \(volume)")
        try node("mkdir \(volume)/host \(volume)/container")
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)

        let script = """
            mount -t tmpfs c /v/container && touch /v/container/c && echo mounted
            until [ -f /v/go ]; do usleep 10000; done; ls /v/host; echo end; sleep 1000
            """
        var request = try pod.startRequest("c1", ["sh", "-c", script])
        request.process.capabilities |= 1 << 21  // SYS_ADMIN
        request.process.seccompFilter = []
        var step = MountStep(kind: MountStep.volume, target: Array("/v".utf8), source: Array(volume.utf8))
        step.followsNode = propagation == .hostToContainer
        step.isNodesOwn = propagation == .bidirectional
        request.steps.append(step)
        try await pod.start(supervisor, request)
        try await wait(for: "mounted", in: pod)

        let reachesNode = FileManager.default.fileExists(atPath: "\(volume)/container/c")
        try node("mount -t tmpfs h \(volume)/host; touch \(volume)/host/h \(volume)/go")
        try await wait(for: "end", in: pod)

        #expect(reachesNode == (propagation == .bidirectional))
        #expect(pod.log("c1").contains("h") == (propagation != .none))
        // An exec stands in the same mounts.
        let seen = try await pod.exec(supervisor, "e1", in: "c1", ["ls", "/v/container", "/v/host"]).output
        #expect(seen.split(separator: "\n").contains("c"))
        try await supervisor.shutDown()
    }

    @Test(
        "nothing is mounted in it for the node too, wherever links of the image lead", arguments: ["/link/f", "/etc/f"])
    func links(target: String) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let volume = "\(pod.base)/shared"
        let aftermath = try Aftermath("umount -R \"$1\"", volume)
        defer { try? aftermath.settle() }
        try node("mkdir \(volume); mount -t tmpfs shared \(volume); mount --make-shared \(volume)")
        try node("echo mine > \(pod.base)/file; ln -s /v \(pod.base)/layers/root/link")
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        var request = try pod.startRequest("c1", ["sleep", "1000"])
        var own = MountStep(kind: MountStep.volume, target: Array("/v".utf8), source: Array(volume.utf8))
        own.isNodesOwn = true
        request.steps += [
            own, MountStep(kind: MountStep.bind, target: Array(target.utf8), source: Array("\(pod.base)/file".utf8)),
        ]
        do {
            try await pod.start(supervisor, request)
            #expect(target == "/etc/f")
        } catch SupervisorError.failed(let failure) {
            #expect(target == "/link/f" && failure.sentence.contains("on the node too"), "\(failure)")
        }

        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        #expect(!mounts.contains("\(volume)/f"))
        try await supervisor.shutDown()
    }

    private func wait(for word: String, in pod: PodFixture) async throws {
        for _ in 0..<1000 * patience {
            guard !pod.log("c1").contains(word) else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func node(_ script: String) throws {
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-euc", script], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [2: 2])
        #expect(try child.reap() == .exited(0), "\(script)")
    }
}
