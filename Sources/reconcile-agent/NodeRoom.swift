import Manifests
import PodModel
import Reconciler

/// What a node has, what of it Pods may request, and what they do (kubectl: `describe node`).
struct NodeRoom: Hashable {
    /// What the machine has.
    let capacity: NodeAllocatable
    /// What Pods together may request.
    let allocatable: NodeAllocatable
    /// What the Pods that the node took on request together.
    let requested: NodeAllocatable

    /// Counts what Pods request that have the node.
    init(capacity: NodeAllocatable, allocatable: NodeAllocatable, pods: [PodStatus]) {
        self.capacity = capacity
        self.allocatable = allocatable
        let having = pods.filter { $0.isScheduled && !$0.phase.isTerminal }.map(\.accepted.pod.spec.effectiveRequests)
        func sum(_ amount: (ResourceList) -> Int?) -> Int {
            having.reduce(0) { sum, list in
                let (more, isTooMuch) = sum.addingReportingOverflow(amount(list) ?? 0)
                return isTooMuch ? .max : more
            }
        }
        requested = NodeAllocatable(
            cpu: MilliCPU(sum { $0.cpu?.count }), memory: Bytes(sum { $0.memory?.count }),
            ephemeralStorage: Bytes(sum { $0.ephemeralStorage?.count }), pods: having.count)
    }

    /// Lines of `status`.
    var rows: [(String, String)] {
        [
            ("Allocatable", "\(Self.words(allocatable)), of \(Self.words(capacity, withPods: false))"),
            (
                "Requested",
                "cpu \(requested.cpu) (\(percent { $0.cpu.count })), memory \(Self.rounded(requested.memory)) "
                    + "(\(percent { $0.memory.count })), disk \(Self.rounded(requested.ephemeralStorage)) "
                    + "(\(percent { $0.ephemeralStorage.count })), \(requested.pods) Pods"
            ),
        ]
    }

    /// The same for machines, as a Node's status has it.
    var json: JSONValue {
        [
            "capacity": Self.object(capacity), "allocatable": Self.object(allocatable),
            "requested": Self.object(requested),
        ]
    }

    private static func object(_ amounts: NodeAllocatable) -> JSONValue {
        [
            "cpu": .string("\(amounts.cpu)"), "memory": .string("\(amounts.memory)"),
            "ephemeral-storage": .string("\(amounts.ephemeralStorage)"), "pods": .string("\(amounts.pods)"),
        ]
    }

    private static func words(_ amounts: NodeAllocatable, withPods: Bool = true) -> String {
        "cpu \(amounts.cpu), memory \(rounded(amounts.memory)), disk \(rounded(amounts.ephemeralStorage))"
            + (withPods ? ", \(amounts.pods) Pods" : "")
    }

    /// Whole MiB, where there is one: nobody reads more.
    private static func rounded(_ bytes: Bytes) -> Bytes {
        bytes.count < 1 << 20 ? bytes : Bytes((bytes.count >> 20) << 20)
    }

    /// Cut off below, as kubectl does.
    private func percent(_ amount: (NodeAllocatable) -> Int) -> String {
        let whole = amount(allocatable)
        return whole > 0 ? "\(Int(Double(amount(requested)) / Double(whole) * 100))%" : "<unknown>"
    }
}
