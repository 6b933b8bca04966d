import Manifests
import PodModel
import SupervisorCore
import Testing

@testable import NodeRuntime

@Suite("A container's standard streams")
struct ContainerStreamsTests {
    @Test("its input is at its end, open, or open once")
    func input() {
        #expect(container().standardInput == .empty)
        #expect(container(stdin: true).standardInput == .open)
        #expect(container(stdin: true, stdinOnce: true).standardInput == .once)
        #expect(container(stdinOnce: true).standardInput == .empty)
    }

    @Test("a supervisor of an earlier release is asked for no terminal and no open input, and for everything else")
    func earlierSupervisor() throws {
        let earlier = SupervisorFeatures.all & ~SupervisorFeatures.attach

        try container().requireStreams(of: earlier)
        for wanted in [container(stdin: true), container(tty: true)] {
            try wanted.requireStreams(of: SupervisorFeatures.all)
            let failure = #expect(throws: ActionFailure.self) { try wanted.requireStreams(of: earlier) }
            #expect(
                failure?.reason == "CreateContainerError" && failure?.message.contains("push the Pod again") == true)
        }
    }

    private func container(stdin: Bool = false, stdinOnce: Bool = false, tty: Bool = false) -> Container {
        var container = Container(name: "c", image: "i")
        (container.stdin, container.stdinOnce, container.tty) = (stdin, stdinOnce, tty)
        return container
    }
}
