/// What a change of one resource does to a container that runs (core/v1 ContainerResizePolicy).
public struct ContainerResizePolicy: Sendable, Hashable {
    /// The resources that may change.
    public enum Resource: String, Sendable, Hashable, CaseIterable {
        /// Processor time.
        case cpu
        /// Memory.
        case memory
    }

    /// Whether the container starts anew.
    public enum Restart: String, Sendable, Hashable, CaseIterable {
        /// It goes on.
        case notRequired = "NotRequired"
        /// It is stopped and started with what it may use then.
        case restartContainer = "RestartContainer"
    }

    /// Which resource.
    public var resourceName: Resource
    /// What its change does.
    public var restartPolicy: Restart

    /// A policy.
    public init(resourceName: Resource, restartPolicy: Restart) {
        self.resourceName = resourceName
        self.restartPolicy = restartPolicy
    }
}
