import Foundation
import ImageStore
import Linux
import Logging
import NodeFixture
import NodeRuntime
import PodFixture
import PodModel

/// Whole Pods through the built-in runtime: what lies between the decision and the running process.
struct PodBench {
    /// How many Pods are started for one row.
    static let burst = 60
    static let cold = 25

    let node: TestNode
    let runtime: NodeRuntime

    /// One row's Pods, and where their time went.
    struct Births {
        var whole: [Double] = []
        var sandbox: [Double] = []
        var container: [Double] = []
    }

    /// A node in this process's network namespace, with one image.
    static func make() async throws -> PodBench {
        let node = try TestNode()
        let paths = NodePaths(stateDirectory: node.state, runDirectory: node.run, logDirectory: node.logs)
        let configuration = try NodeConfiguration(
            nodeName: "bench", cgroupParent: node.parent, podCIDR: "10.88.0.0/16",
            executables: .init(supervisor: PodFixture.product("pod-supervisor"), pause: PodFixture.product("pause")))
        let images = ImageStore(
            root: "\(paths.stateDirectory)/images",
            worker: WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", "unpack"]))
        var log = Logger(label: "bench")
        log.logLevel = .warning
        let runtime = try await NodeRuntime.start(
            NodeClaim.take(paths), configuration, images: images, log: log)
        _ = try await images.importArchive(try node.busyboxArchive(), as: nil)
        return PodBench(node: node, runtime: runtime)
    }

    /// One Pod after the other: one container, image present, bridge network.
    ///
    /// - Parameter pause: how long nothing happens before each.
    func births(_ count: Int, _ name: String, pause: Duration = .zero) async throws -> Births {
        var births = Births()
        let accepted = (0..<count).map { AcceptedPod.make("\(name)\($0)", command: ["sleep", "1000"]) }
        try await runtime.register(accepted)
        for pod in accepted {
            if pause > .zero { try await Task.sleep(for: pause) }
            let decided = microseconds()
            _ = try await runtime.perform(.createSandbox(attempt: 0), on: pod.uid)
            let made = microseconds()
            _ = try await runtime.perform(.startContainer(name: "main", attempt: 0, backoff: nil), on: pod.uid)
            let runs = microseconds()
            births.sandbox.append(made - decided)
            births.container.append(runs - made)
            births.whole.append(runs - decided)
        }
        return births
    }

    func end() async throws {
        try await runtime.tearDown()
        node.clean()
    }
}
