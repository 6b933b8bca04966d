import Manifests
import PodModel

/// Which Pods, and which changes of Pods that run, a node has room for: kube-scheduler's `NodePorts` and `NodeResourcesFit`
/// for those that are not there yet, the kubelet's `canResizePod` for those that are.
///
/// Requests are counted, not what is used. Who has the node keeps it, also where more is reserved than before, and hands its
/// place on to the Pod that replaces it: nobody who waits gets in between, whatever its priority. What is left goes to
/// changes of those, then to who waits: the higher priority first, then whose name was accepted first, then by name. Who does
/// not fit keeps nobody waiting who does.
public struct Admission: Hashable, Sendable {
    /// What waits, and why, in Kubernetes' words.
    public struct Wait: Hashable, Sendable {
        /// What waits.
        public let reason: PodHold.Reason
        /// A sentence.
        public let message: String
        /// What the node lacks, for example `Insufficient cpu`; empty for a Pod that is to wait.
        public let shortages: [String]
    }

    /// The Pods that wait, and those whose change does.
    public let waits: [PodUID: Wait]
    /// What would take the place of Pods that run, and does not fit when those have gone: they go on instead.
    public let replacements: [PodUID: Wait]
    /// Those that follow a Pod which has the node, or had it: they come first until the node has taken them on. To be handed
    /// to the next decision, which does not see any more what has gone; an agent that starts anew knows their claims only.
    public let heirs: Set<PodUID>

    /// Decides for a plan.
    ///
    /// - Parameters:
    ///   - observed: what the plan was made from.
    ///   - allocatable: what there is; nil for no bound.
    ///   - pressures: what the node is short of: it takes on few Pods, or none, until that is over.
    ///   - heirs: as the decision before left them.
    ///   - undone: of these entries nothing is done now, whatever they ask for.
    ///   - foretelling: whether what the plan ends counts as gone, and what follows it as waiting.
    public init(
        _ plan: NodePlan, observed: [ObservedPod], allocatable: NodeAllocatable?,
        pressures: Set<NodePressureKind> = [], heirs: Set<PodUID> = [], undone: Set<PodUID> = [],
        foretelling: Bool = false
    ) {
        let records = Dictionary(observed.map { ($0.uid, $0.record) }, uniquingKeysWith: { first, _ in first })
        let due = plan.leavingOut(undone).entries
        let occupants = records.values.filter(\.occupiesNode)
        let all = NodeLoad(allocatable, of: occupants.map(\.accepted))
        let replacements = Self.replacements(in: due, of: Set(occupants.map(\.uid)), all, pressures)
        self.replacements = replacements
        let leaving = due.filter { replacements[$0.uid] == nil }.flatMap(\.leaving)
        var load = foretelling ? all.without(leaving) : all
        let present = Set(occupants.map(\.uid))
        let successions = due.filter { replacements[$0.uid] == nil }.compactMap { $0.succession(among: present) }
        if !foretelling { for (olds, pod) in successions { load.keepRoom(for: pod, after: olds) } }
        let awaited = plan.entries.filter { $0.newcomer(records[$0.uid], foretelling: false) != nil }.map(\.uid)
        let heirs = heirs.intersection(awaited).union(successions.map { $0.pod.uid })
        self.heirs = heirs
        var waits: [PodUID: Wait] = [:]
        let changes = due.compactMap { entry -> AcceptedPod? in
            guard case .update(let pod, _) = entry.change, records[pod.uid]?.occupiesNode == true else { return nil }
            return pod
        }
        // What shrinks makes room for what grows.
        let (shrinking, growing) = changes.inOrderOfClaim.divided { load.shrinks($0) }
        for pod in shrinking + growing { waits[pod.uid] = load.change(pod) }
        let newcomers = due.filter { replacements[$0.uid] == nil }.compactMap {
            $0.newcomer(records[$0.uid], foretelling: foretelling)
        }
        let (first, rest) = newcomers.inOrderOfClaim.divided { heirs.contains($0.uid) }
        for pod in first + rest {
            if !pod.pod.spec.schedulingGates.isEmpty {
                waits[pod.uid] = .gated
            } else if let refusal = pressures.refusal(of: pod) {
                waits[pod.uid] = refusal
                // Nobody else gets its room until the node is well again.
                if heirs.contains(pod.uid) { _ = load.admit(pod) }
            } else {
                waits[pod.uid] = load.admit(pod)
            }
        }
        self.waits = waits
    }

    /// Whether anything would be done if the node had more room.
    public var isShort: Bool { !replacements.isEmpty || waits.values.contains { $0.reason != .gated } }

    /// Nothing that runs makes way for what cannot take its place; what has ended, or never started, does. Pods that go in the
    /// same plan leave their places to each other: two may swap their ports.
    private static func replacements(
        in entries: [NodePlanEntry], of occupants: Set<PodUID>, _ load: NodeLoad, _ pressures: Set<NodePressureKind>
    ) -> [PodUID: Wait] {
        let all = entries.compactMap { entry -> (uid: PodUID, olds: [PodUID], pod: AcceptedPod)? in
            guard case .replace(let olds, let pod) = entry.change, !occupants.isDisjoint(with: olds.map(\.uid)) else {
                return nil
            }
            return (entry.uid, olds.map(\.uid), pod)
        }
        // Who stays takes room from the others: once more without, until all that are left can go together.
        var (going, next) = (all, load)
        var count: Int
        repeat {
            count = going.count
            next = load.without(going.flatMap(\.olds))
            going = going.filter { pressures.refusal(of: $0.pod) == nil && next.admit($0.pod) == nil }
        } while going.count < count
        // What was refused for the sake of another that is to stay after all may fit beside it.
        var waits: [PodUID: Wait] = [:]
        for entry in all where !going.contains(where: { $0.uid == entry.uid }) {
            var alone = next.without(entry.olds)
            waits[entry.uid] = pressures.refusal(of: entry.pod) ?? alone.admit(entry.pod)
            if waits[entry.uid] == nil { next = alone }
        }
        return waits
    }

    /// The Pods that stay as they are although their manifest changed.
    var heldChanges: Set<PodUID> {
        Set(waits.filter { !$0.value.reason.keepsFromStarting }.keys).union(replacements.keys)
    }

    /// What waiting Pods' records are to say, where they say something else; nil: it waits no longer. How much others use
    /// changes with all that happens on the node, and is nothing that anybody would have to be told again.
    func changedHolds(in plan: NodePlan, _ observed: [ObservedPod], at now: WallTime) -> [PodUID: PodHold?] {
        let before = Dictionary(observed.map { ($0.uid, $0.record.hold) }, uniquingKeysWith: { first, _ in first })
        var changed: [PodUID: PodHold?] = [:]
        for entry in plan.entries where entry.isStaying {
            let (old, wait) = (before[entry.uid] ?? nil, waits[entry.uid])
            if old?.reason == wait?.reason, old?.message.withoutUse == wait?.message.withoutUse { continue }
            changed[entry.uid] = .some(
                wait.map { wait in
                    let since = old.flatMap { $0.reason == wait.reason ? $0.since : nil }
                    return PodHold(reason: wait.reason, message: wait.message, since: since ?? now)
                })
        }
        return changed
    }
}

extension PodHold.Reason {
    fileprivate var keepsFromStarting: Bool { self == .unschedulable || self == .gated }
}

extension Admission.Wait {
    fileprivate static let gated = Admission.Wait(
        reason: .gated, message: "Scheduling is blocked due to non-empty scheduling gates", shortages: [])
}

extension PodRecord {
    /// Whether what it requests is set aside: from when the node takes it until it has ended for good or is gone.
    fileprivate var occupiesNode: Bool { !isUnscheduled && finalPhase == nil }
}

extension NodePlanEntry {
    /// Whether it is about a Pod that is wanted, and there once the plan is carried out.
    fileprivate var isStaying: Bool {
        switch change {
        case .create, .update, .keep: true
        case .replace, .await, .delete, .ending: false
        }
    }

    /// What follows Pods that have the node; nil when nothing does.
    fileprivate func succession(among occupants: Set<PodUID>) -> (olds: [PodUID], pod: AcceptedPod)? {
        let (olds, pod): ([PodUID], AcceptedPod)
        switch change {
        case .replace(let before, let new): (olds, pod) = (before.map(\.uid), new)
        case .await(let before, let new): (olds, pod) = (before, new)
        case .create, .delete, .update, .keep, .ending: return nil
        }
        return occupants.isDisjoint(with: olds) ? nil : (olds, pod)
    }

    /// The Pods that go.
    fileprivate var leaving: [PodUID] {
        switch change {
        case .delete, .ending: [uid]
        case .create, .replace, .await, .update, .keep: ending
        }
    }

    /// The Pod that asks for the node without having it; nil when none does.
    fileprivate func newcomer(_ record: PodRecord?, foretelling: Bool) -> AcceptedPod? {
        switch change {
        case .create(let pod): pod
        case .update(let pod, _): record?.isUnscheduled == true ? pod : nil
        case .keep: record.flatMap { $0.isUnscheduled ? $0.accepted : nil }
        case .replace(_, let pod), .await(_, let pod): foretelling ? pod : nil
        case .delete, .ending: nil
        }
    }
}

extension [AcceptedPod] {
    /// Who comes first where not all can have what they ask for.
    fileprivate var inOrderOfClaim: [AcceptedPod] {
        sorted {
            ($1.pod.spec.priority.rank, $0.claim.nanoseconds, $0.name)
                < ($0.pod.spec.priority.rank, $1.claim.nanoseconds, $1.name)
        }
    }

    fileprivate func divided(_ isFirst: (AcceptedPod) -> Bool) -> (first: [AcceptedPod], rest: [AcceptedPod]) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}

extension String {
    /// A message without the figure of what others use: `requested: 2, used: 1, capacity: 2`.
    fileprivate var withoutUse: [Substring] {
        split(separator: ", ").filter { !$0.hasPrefix("used: ") }
    }
}
