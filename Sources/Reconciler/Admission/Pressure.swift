import Manifests
import PodModel

extension Set<NodePressureKind> {
    /// Why a node that is short of this takes a Pod on only once that is over; nil if it takes it on now.
    ///
    /// The kubelet's rule (eviction manager, `Admit`): short of memory, those wait that said nothing of what they need and
    /// do not tolerate the condition's taint; short of disk, all. Critical Pods never do.
    func refusal(of pod: AcceptedPod) -> Admission.Wait? {
        let spec = pod.pod.spec
        if isEmpty || spec.priority.isCritical { return nil }
        if self == [.memory], QoSClass(spec) != .bestEffort || spec.tolerates(.memory) { return nil }
        let kind: NodePressureKind = contains(.disk) ? .disk : .memory
        let message =
            spec.tolerates(kind)
            // What the scheduler lets pass, the kubelet refuses.
            ? "The node had condition: [\(kind.rawValue)]."
            : "0/1 nodes are available: 1 node(s) had untolerated taint {\(kind.taint.key): }. "
                + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
        return Admission.Wait(reason: .unschedulable, message: message, shortages: [kind.rawValue])
    }
}

extension NodePressureKind {
    /// The taint that stands for the condition (core/v1 `TaintNodeMemoryPressure`, `TaintNodeDiskPressure`).
    public var taint: Taint {
        switch self {
        case .memory: Taint(key: "node.kubernetes.io/memory-pressure", effect: .noSchedule)
        case .disk: Taint(key: "node.kubernetes.io/disk-pressure", effect: .noSchedule)
        }
    }

    /// Whom the node does not take on as long as it lasts, for people.
    public var consequence: String {
        switch self {
        case .memory: "new Pods that request and limit nothing wait"
        case .disk: "new Pods wait"
        }
    }
}

extension PodSpec {
    fileprivate func tolerates(_ kind: NodePressureKind) -> Bool {
        tolerations.contains { $0.tolerates(kind.taint) }
    }
}
