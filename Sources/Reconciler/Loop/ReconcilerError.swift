/// What can go wrong around deciding; what goes wrong with a Pod is an `ActionFailure`.
public enum ReconcilerError: Error, Sendable, CustomStringConvertible {
    /// The slice accepted before cannot be read.
    case sliceUnreadable(any Error)
    /// A new slice cannot be stored.
    case sliceNotStored(any Error)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .sliceUnreadable(let error):
            "the manifests accepted before cannot be read, so nothing is touched: \(error)"
        case .sliceNotStored(let error):
            "the new manifests cannot be stored, so the ones accepted before stay in force: \(error)"
        }
    }
}
