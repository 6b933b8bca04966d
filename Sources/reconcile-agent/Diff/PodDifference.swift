import Manifests
import PodModel
import Reconciler
import Tables

/// What would happen to one Pod, and which fields of its manifest are why.
struct PodDifference {
    let pod: PodName
    /// `create`, `replace`, ...
    let verb: String
    let impact: DisruptionWord
    let reason: String
    /// The Pod as it runs; nil when there is none yet.
    let old: AcceptedPod?
    /// The Pod as it should run; nil when it is to end.
    let new: AcceptedPod?
    /// Fields that differ; empty for Pods that come or go.
    let fields: [FieldChange]
    let manifests: UnifiedDiff

    /// - Parameters:
    ///   - entry: what was decided.
    ///   - old: the Pod of that name that runs now, if there is one.
    ///   - new: the Pod as accepted, if it is to run.
    ///   - wait: why it would not be done yet.
    ///   - kept: why what runs would not make way.
    init(
        _ entry: NodePlanEntry, old: AcceptedPod?, new: AcceptedPod?, wait: Admission.Wait? = nil,
        kept: Admission.Wait? = nil
    ) {
        pod = entry.pod
        verb = entry.change.verb
        reason = [entry.reason, kept?.foretoldForKept ?? wait?.foretold].compactMap { $0 }.joined(separator: "; ")
        self.old = old
        self.new = new
        fields = if let old, let new { old.changes(to: new) } else { [] }
        // What waits starts nothing, and ends nothing.
        impact = wait == nil && kept == nil ? DisruptionWord(verb: verb, fields: fields) : .none
        manifests = UnifiedDiff(from: old?.written.yaml ?? "", to: new?.written.yaml ?? "")
    }

    /// The manifests' difference as `diff -u` prints it.
    func text(revision: RevisionID) -> String {
        manifests.text(
            old: old.map { "\($0.name) (as it runs)" } ?? "/dev/null",
            new: new.map { "\($0.name) (\(revision.short) \($0.file))" } ?? "/dev/null")
    }
}

/// What a change does to running processes, in a word or two.
enum DisruptionWord: String {
    case starts, ends
    case restartsAll = "restarts all"
    case restartsContainer = "restarts container"
    case inPlace = "in place"
    case none

    init(verb: String, fields: [FieldChange]) {
        self =
            switch verb {
            case "create": .starts
            case "delete": .ends
            case "replace": .restartsAll
            default: Self.of(fields.map(\.impact).max() ?? .none)
            }
    }

    private static func of(_ impact: FieldImpact) -> DisruptionWord {
        switch impact {
        case .none: .none
        case .inPlace: .inPlace
        case .restartContainer: .restartsContainer
        case .recreate: .restartsAll
        }
    }
}

extension Admission.Wait {
    /// What would become of a Pod whose successor this is about.
    fileprivate var foretoldForKept: String {
        "the Pod would go on as it is, for what replaces it has no room: \(shortages.joined(separator: ", "))"
    }

    /// What would become of a Pod, or of its change.
    fileprivate var foretold: String {
        switch reason {
        case .unschedulable: "would stay Pending: \(shortages.joined(separator: ", "))"
        case .gated: "would stay SchedulingGated"
        case .deferred: "would wait, the Pod staying as it is: \(shortages.joined(separator: ", "))"
        case .infeasible: "would never be made, the node is too small: \(shortages.joined(separator: ", "))"
        }
    }
}
