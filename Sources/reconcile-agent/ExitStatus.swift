/// What the agent's exit code says; the same numbers mean the same for every verb.
enum ExitStatus: Int32 {
    /// Converged, found, done.
    case success = 0
    /// Nothing by that name was found, or it is not in a state to be shown; `diff` found a difference, `doctor` a problem.
    case notFound = 1
    /// The command line, a setting or the machine's set-up is wrong.
    case usage = 2
    /// The Git repository could not be reached or read.
    case sourceUnreachable = 3
    /// Manifests of the revision are invalid.
    case invalidManifests = 5
    /// Something that had to be done failed.
    case actionFailed = 7
    /// Pods were not healthy when the time was up.
    case notHealthyInTime = 8
}

/// Why a command gave up: one line for a person, what to do about it, and the exit code.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let message: String
    let hint: String?

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    var description: String { "error: \(message)\(hint.map { "\n  hint: \($0)" } ?? "")" }
}
