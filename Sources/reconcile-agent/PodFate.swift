import Reconciler

/// What a pass came to for one Pod, in the order of a summary.
enum PodFate: String, CaseIterable {
    case created, replaced, restarted, resized, deleted, updated, failed, notHealthy, stillEnding, unchanged

    /// What became of a Pod; what did not succeed was not done, whatever was wanted.
    init(_ result: PodResult) {
        let isEnding = ["delete", "ending"].contains(result.verb)
        self =
            switch result.verb {
            case _ where result.failure != nil: .failed
            case _ where !result.isHealthy: isEnding ? .stillEnding : .notHealthy
            case _ where isEnding: .deleted
            case "create", "await": .created
            case "replace": .replaced
            case "restart": .restarted
            case "resize": .resized
            case "update": .updated
            default: .unchanged
            }
    }

    /// As it follows a number.
    var words: String {
        switch self {
        case .notHealthy: "not healthy"
        case .stillEnding: "still ending"
        default: rawValue
        }
    }
}
