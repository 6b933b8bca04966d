/// Something worth telling about a Pod, in the kubelet's words: what `kubectl events` lists.
///
/// The same event told again is counted by the history, not listed again.
public struct PodEvent: Hashable, Sendable, Codable {
    /// Whether somebody may have to do something about it.
    public enum EventType: String, Hashable, Sendable, Codable, CaseIterable {
        /// As it should be.
        case normal = "Normal"
        /// Something failed.
        case warning = "Warning"
    }

    /// The Pod's name.
    public let pod: PodName
    /// The Pod's identity.
    public let uid: PodUID
    /// The container it is about; nil when it is about the whole Pod.
    public let container: String?
    /// Whether that is an init container.
    public let isOfInit: Bool
    /// Whether it is a warning.
    public let type: EventType
    /// One word, for example `Started` or `BackOff`.
    public let reason: String
    /// A sentence.
    public let message: String
    /// When it happened.
    public let at: WallTime

    /// Puts an event together.
    public init(
        pod: PodName, uid: PodUID, container: String?, isOfInit: Bool = false, type: EventType, reason: String,
        message: String, at: WallTime
    ) {
        self.pod = pod
        self.uid = uid
        self.container = container
        self.isOfInit = isOfInit
        self.type = type
        self.reason = reason
        self.message = message
        self.at = at
    }

    /// The part of the Pod's manifest it is about, as Kubernetes writes it; nil when it is about the whole Pod.
    public var fieldPath: String? {
        container.map { "spec.\(isOfInit ? "initContainers" : "containers"){\($0)}" }
    }
}
