import Foundation
import Manifests
import NodeRuntime
import PodModel
import Testing

@testable import reconcile_agent

@Suite("What of the machine Pods may request")
struct NodeCapacityTests {
    private let paths = NodePaths(
        stateDirectory: "/not/made/yet", runDirectory: "/run/nothing", logDirectory: "/var/log/nothing")

    @Test("amounts are the kubelet's words")
    func reads() throws {
        let amounts = try NodeReserve("cpu=200m, memory=1Gi,ephemeral-storage=10G", option: "system-reserved").amounts

        #expect(amounts.cpu == MilliCPU(200))
        #expect(amounts.memory == Bytes(1 << 30))
        #expect(amounts.ephemeralStorage == Bytes(10_000_000_000))
        #expect(try NodeReserve("", option: "system-reserved").amounts.isEmpty)
    }

    @Test(
        "what is no amount is a matter of usage", arguments: ["cpu", "cpu=", "cpu=x", "gpu=1", "cpu=-1", "memory=1Q"])
    func wrong(text: String) {
        #expect(throws: CommandFailure.self) { try NodeReserve(text, option: "kube-reserved") }
    }

    @Test("Pods may have what the machine has, without what is reserved, and never less than nothing")
    func allocatable() throws {
        let all = NodeCapacity().allocatable(in: paths)
        #expect(all.cpu.count >= 1000 && all.memory.count > 1 << 20 && all.ephemeralStorage.count > 1 << 20)
        #expect(all.pods == 110)

        let some = NodeCapacity(
            systemReserved: try NodeReserve("cpu=300m", option: "system-reserved"),
            kubeReserved: try NodeReserve("cpu=200m,memory=1000Ti", option: "kube-reserved"), maxPods: 7
        ).allocatable(in: paths)
        #expect(some.cpu.count == all.cpu.count - 500)
        #expect(some.memory.count == 0)
        #expect(some.ephemeralStorage == all.ephemeralStorage)
        #expect(some.pods == 7)
    }

    @Test("what eviction is to leave may not be requested either, by the thresholds in force")
    func evictionThresholds() throws {
        let capacity = NodeCapacity().capacity(in: paths)
        let kubelet = NodeCapacity().allocatable(in: paths)
        #expect(kubelet.cpu == capacity.cpu && kubelet.pods == capacity.pods)
        #expect(kubelet.memory.count == max(0, capacity.memory.count - (100 << 20)))
        #expect(
            kubelet.ephemeralStorage.count
                == capacity.ephemeralStorage.count - Int(Double(capacity.ephemeralStorage.count) * 0.1))

        #expect(NodeCapacity(evictionHard: "none").allocatable(in: paths) == capacity)
        let reserve = try NodeReserve("memory=1Mi", option: "system-reserved")
        let some = NodeCapacity(systemReserved: reserve, evictionHard: "memory.available<50%,imagefs.available<30%")
            .allocatable(in: paths)
        #expect(some.memory.count == capacity.memory.count - (1 << 20) - Int(Double(capacity.memory.count) * 0.5))
        #expect(some.ephemeralStorage == capacity.ephemeralStorage)
    }

    @Test("it is kept with the node; a node of an older release has all of the machine")
    func kept() throws {
        var identity = NodeIdentity(
            nodeName: "n", podCIDR: "10.88.0.0/16", bridge: "b", cgroupParent: "c", runDirectory: "/r",
            logDirectory: "/l")
        identity.capacity = NodeCapacity(
            systemReserved: try NodeReserve("cpu=300m,memory=1Mi", option: "system-reserved"), maxPods: 7)
        let read = try JSONDecoder().decode(NodeIdentity.self, from: JSONEncoder().encode(identity))
        #expect(read == identity)

        let text = """
            {"nodeName":"n","podCIDR":"10.88.0.0/16","bridge":"b","cgroupParent":"c","runDirectory":"/r","logDirectory":"/l"}
            """
        let older = try JSONDecoder().decode(NodeIdentity.self, from: Data(text.utf8))
        #expect(older.capacity == NodeCapacity())
    }
}
