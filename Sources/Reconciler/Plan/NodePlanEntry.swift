import Manifests
import PodModel

/// What is to happen to one Pod, and why.
public struct NodePlanEntry: Hashable, Sendable {
    /// The Pod's name.
    public let pod: PodName
    /// The Pod's identity; of a replacement, the new one.
    public let uid: PodUID
    /// What is to happen.
    public let change: NodeChange
    /// Why, in a few words.
    public let reason: String

    init(_ pod: AcceptedPod, present: ObservedPod?, namesakes: [ObservedPod]) {
        self.pod = pod.name
        uid = pod.uid
        let living = namesakes.map(\.record).filter { $0.deletion == nil }
        if let present {
            (change, reason) = Self.decide(about: pod, present)
        } else if let old = living.first {
            change = .replace(living.map(\.accepted), by: pod)
            let changes = FieldChanges(from: old.accepted, to: pod)
            reason =
                old.finalPhase == nil
                ? changes.sentence
                : "\(changes.impact == nil ? "its manifest changed" : changes.sentence) after the Pod had ended"
        } else if !namesakes.isEmpty {
            change = .await(namesakes.map(\.uid), pod)
            reason = "the Pod of the same name is still ending"
        } else {
            change = .create(pod)
            reason = "defined in \(pod.file)"
        }
    }

    init(unwanted pod: ObservedPod) {
        self.pod = pod.record.accepted.name
        uid = pod.uid
        if pod.record.deletion == nil {
            change = .delete(pod.record.accepted)
            reason = "no longer defined"
        } else {
            change = .ending
            reason = "was asked to end"
        }
    }

    /// A Pod of this identity is there: what its manifest changes was found, at acceptance, to need no new Pod.
    private static func decide(about pod: AcceptedPod, _ present: ObservedPod) -> (NodeChange, String) {
        let record = present.record
        if record.deletion != nil { return (.await([record.uid], pod), "was asked to end, and will start again") }
        let changes = FieldChanges(from: record.accepted, to: pod)
        guard let impact = changes.impact else { return (.keep, "unchanged") }
        // Nothing runs that a change could do anything to.
        if record.isUnscheduled { return (.update(pod, .none), changes.sentence) }
        if present.hasEnded(before: pod) { return (.keep, "has ended, and is to run again as another Pod") }
        if record.finalPhase != nil {
            return (.update(pod, .none), "\(changes.sentence); the Pod has ended and stays so")
        }
        return (.update(pod, min(impact, .restartContainer)), changes.sentence)
    }

    /// What runs and what takes its place, where that needs processes to start again; nil where nothing makes way.
    func successor(among observed: [ObservedPod]) -> (old: AcceptedPod, new: AcceptedPod)? {
        switch change {
        case .replace(let olds, let new): olds.first.map { (old: $0, new: new) }
        case .update(let new, let impact) where impact >= .restartContainer:
            observed.first { $0.uid == new.uid }.map { (old: $0.record.accepted, new: new) }
        case .create, .await, .delete, .update, .keep, .ending: nil
        }
    }

    /// The Pods whose end this entry is about.
    var ending: [PodUID] {
        switch change {
        case .replace(let olds, _): olds.map(\.uid)
        case .await(let olds, _): olds
        case .create, .delete, .update, .keep, .ending: []
        }
    }
}
