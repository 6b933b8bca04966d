/// How much a Pod counts beside others when the node runs short (core/v1 PodSpec `priority`, `priorityClassName`).
public struct PodPriority: Sendable, Hashable {
    /// As written; nil where nobody says.
    public var value: Int?
    /// The class it is named after; nil for none.
    public var className: String?

    /// A priority; by default none.
    public init(value: Int? = nil, className: String? = nil) {
        self.value = value
        self.className = className
    }

    /// The classes that every cluster has, and what they are worth (Kubernetes `scheduling.SystemClusterCritical`).
    static let systemClasses = ["system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000]

    /// What counts: the number, else that of a class that every cluster has, else 0.
    public var rank: Int { value ?? className.flatMap { Self.systemClasses[$0] } ?? 0 }

    /// Whether the node does worse without it than it does now: such a Pod is never evicted (kubelet `IsCriticalPod`).
    public var isCritical: Bool { rank >= 2_000_000_000 }
}
