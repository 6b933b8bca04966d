import Manifests
import PodModel

/// What one pass of `reconcile --once` came to.
public struct PassSummary: Hashable, Sendable {
    /// How the pass ended.
    public let outcome: PassOutcome
    /// The revision the node stands at; nil if none was ever accepted.
    public let revision: RevisionID?
    /// Who wrote that revision, and why.
    public let commit: CommitSummary?
    /// Everything wrong with the revision.
    public let diagnostics: [Diagnostic]
    /// One result for each Pod of this node that was touched or looked at, in the order of names.
    public let pods: [PodResult]
    /// How long the pass took.
    public let duration: Duration

    /// Puts a summary together.
    public init(
        outcome: PassOutcome, revision: RevisionID?, commit: CommitSummary?, diagnostics: [Diagnostic],
        pods: [PodResult], duration: Duration
    ) {
        self.outcome = outcome
        self.revision = revision
        self.commit = commit
        self.diagnostics = diagnostics
        self.pods = pods
        self.duration = duration
    }
}

/// What one pass did about one Pod, and where the Pod stands.
public struct PodResult: Hashable, Sendable {
    /// The Pod's name.
    public let pod: PodName
    /// The Pod's identity.
    public let uid: PodUID
    /// The change's name: `create`, `replace`, `restart`, `resize`, `update`, `delete`, `keep` and the like.
    public let verb: String
    /// Why, in a few words.
    public let reason: String
    /// Where it stands now; nil once it is gone.
    public let status: PodStatus?
    /// What failed, if anything did.
    public let failure: ActionFailure?
    /// Whether it is what it should be.
    public let isHealthy: Bool
    /// From the plan of its change until it was seen to be what it should be; nil where nothing changed, and where it is not.
    public let took: Duration?

    /// Puts a result together.
    public init(
        pod: PodName, uid: PodUID, verb: String, reason: String, status: PodStatus?, failure: ActionFailure?,
        isHealthy: Bool, took: Duration? = nil
    ) {
        self.pod = pod
        self.uid = uid
        self.verb = verb
        self.reason = reason
        self.status = status
        self.failure = failure
        self.isHealthy = isHealthy
        self.took = took
    }
}

/// How a pass ended, worst first in the order of the flow: source, manifests, actions, health.
public enum PassOutcome: Hashable, Sendable {
    /// Every Pod is what it should be.
    case converged
    /// The source could not be read; the slice accepted before was kept up.
    case sourceUnreachable(String)
    /// Some manifests are invalid; what is valid was carried out.
    case invalidManifests
    /// An action failed, and will be tried again by the next pass.
    case actionFailed
    /// Some Pod is not healthy, or the time was over before all were.
    case notHealthy

    /// The process's exit code.
    public var exitCode: Int32 {
        switch self {
        case .converged: 0
        case .sourceUnreachable: 3
        case .invalidManifests: 5
        case .actionFailed: 7
        case .notHealthy: 8
        }
    }
}
