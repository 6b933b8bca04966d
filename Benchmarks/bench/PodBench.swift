import Foundation
import ImageStore
import Linux
import Logging
import NodeFixture
import NodeRuntime
import PodModel

/// Whole Pods through the built-in runtime: what lies between the decision and the running process.
struct PodBench {
    static let pods = 40

    let node: TestNode
    let runtime: NodeRuntime

    /// A node in this process's network namespace, with one image.
    static func make() async throws -> PodBench {
        let node = try TestNode()
        let paths = NodePaths(stateDirectory: node.state, runDirectory: node.run, logDirectory: node.logs)
        let configuration = try NodeConfiguration(
            nodeName: "bench", cgroupParent: node.parent, podCIDR: "10.88.0.0/16",
            executables: .init(supervisor: TestNode.product("pod-supervisor"), pause: TestNode.product("pause")))
        let images = ImageStore(
            root: "\(paths.stateDirectory)/images",
            worker: WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", "unpack"]))
        let runtime = try await NodeRuntime.start(
            NodeClaim.take(paths), configuration, images: images, log: Logger(label: "bench"))
        _ = try await images.importArchive(try node.busyboxArchive(), as: nil)
        return PodBench(node: node, runtime: runtime)
    }

    /// One Pod after the other: one container, image present, bridge network.
    func burst() async throws -> [Sample] {
        var sandboxes: [Double] = []
        var containers: [Double] = []
        var wholes: [Double] = []
        let accepted = (0..<Self.pods).map { AcceptedPod.make("p\($0)", command: ["sleep", "1000"]) }
        try await runtime.register(accepted)
        for pod in accepted {
            let decided = microseconds()
            _ = try await runtime.perform(.createSandbox(attempt: 0), on: pod.uid)
            let made = microseconds()
            _ = try await runtime.perform(.startContainer(name: "main", attempt: 0, backoff: nil), on: pod.uid)
            let runs = microseconds()
            sandboxes.append(made - decided)
            containers.append(runs - made)
            wholes.append(runs - decided)
        }
        return [
            Sample("Pod, from decision to running process", wholes),
            Sample("  of it: sandbox with link and address", sandboxes),
            Sample("  of it: container", containers),
        ]
    }

    /// Many Pods side by side; the result is the time for all of them.
    func together() async throws -> Double {
        let accepted = (0..<Self.pods).map { AcceptedPod.make("q\($0)", command: ["sleep", "1000"]) }
        try await runtime.register(accepted)
        let start = microseconds()
        try await withThrowingDiscardingTaskGroup { group in
            for pod in accepted {
                group.addTask { [runtime] in
                    _ = try await runtime.perform(.createSandbox(attempt: 0), on: pod.uid)
                    _ = try await runtime.perform(.startContainer(name: "main", attempt: 0, backoff: nil), on: pod.uid)
                }
            }
        }
        return microseconds() - start
    }

    func end() async throws {
        try await runtime.tearDown()
        node.clean()
    }

    private func microseconds() -> Double { Double(BootInstant.now().nanoseconds) / 1000 }
}
