/// What is done when a container has started and before it is stopped (core/v1 Lifecycle).
public struct Lifecycle: Sendable, Hashable {
    /// Done right after the start; failing ends the container. Nil for nothing.
    public var postStart: LifecycleHandler?
    /// Done before the container is asked to stop, within its grace; nil for nothing.
    public var preStop: LifecycleHandler?
    /// The signal that asks it to stop; nil for the image's.
    public var stopSignal: String?

    /// A lifecycle.
    public init(
        postStart: LifecycleHandler? = nil, preStop: LifecycleHandler? = nil, stopSignal: String? = nil
    ) {
        self.postStart = postStart
        self.preStop = preStop
        self.stopSignal = stopSignal
    }
}

/// What a hook does (core/v1 LifecycleHandler): exactly one is set.
public struct LifecycleHandler: Sendable, Hashable {
    /// A command that must end with 0.
    public var exec: ExecAction?
    /// A GET that must be answered, whatever the status.
    public var httpGet: HTTPGetAction?
    /// A while that passes.
    public var sleep: SleepAction?

    /// A handler.
    public init(exec: ExecAction? = nil, httpGet: HTTPGetAction? = nil, sleep: SleepAction? = nil) {
        self.exec = exec
        self.httpGet = httpGet
        self.sleep = sleep
    }
}

/// A while that passes (core/v1 SleepAction).
public struct SleepAction: Sendable, Hashable {
    /// How long.
    public var seconds: Int

    /// An action.
    public init(seconds: Int) { self.seconds = seconds }
}

/// The system that a Pod's containers are made for (core/v1 PodOS).
public struct PodOS: Sendable, Hashable {
    /// Its name.
    public var name: Name

    /// The systems that Kubernetes knows and containers run on here.
    public enum Name: String, Sendable, Hashable, Codable, CaseIterable {
        /// Linux.
        case linux
    }

    /// A system.
    public init(name: Name) { self.name = name }
}
