/// How far the `postStart` hook of a container's newest instance is.
public enum PostStartHook: Hashable, Sendable, Codable {
    /// It was carried out.
    case done(ContainerID)
    /// It failed: the instance is to end.
    case failed(ContainerID)

    /// The instance it was about.
    public var id: ContainerID {
        switch self {
        case .done(let id), .failed(let id): id
        }
    }
}
