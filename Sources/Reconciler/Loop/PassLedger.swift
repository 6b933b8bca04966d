import Manifests
import PodModel

/// What a pass has seen and done so far.
struct PassLedger {
    let begun: BootTime
    /// A plan was made and carried out at least once.
    var isPlanned = false
    /// Why the source could not be followed.
    var sourceFailure: String?
    /// Why the newest revision could not be stored.
    var storeFailure: ReconcilerError?
    /// Why the newest plan could not be carried out.
    var planFailure: ActionFailure?
    private var entries: [PodUID: NodePlanEntry] = [:]
    private var standings: [PodUID: PodStanding] = [:]
    /// What was done without effect, and is held back.
    private var held: [PodUID: HeldChange] = [:]
    /// Pods that were asked to end, and manifests that were handed over: what was seen before says nothing any more.
    private var ending: Set<PodUID> = []
    private var updated: [PodUID: AcceptedPod] = [:]
    /// Every Pod, the ending ones included, that is not gone yet, as of the newest plan.
    private var awaited: Set<PodUID> = []
    /// The Pods whose end lets something begin, as of the newest plan.
    private var waitedFor: Set<PodUID> = []

    /// When a Pod's first change was planned, and when the Pod was seen to be what that change makes of it.
    private var planned: [PodUID: BootTime] = [:]
    private var reached: [PodUID: BootTime] = [:]

    /// How far the pass is with the tags that Pods follow.
    enum Tags { case due, asked, known }
    /// Known from the start where nobody waits for them.
    var tags = Tags.known
    /// What is pulled for Pods because their tags moved.
    private var moving: [PodUID: MovedTags] = [:]
    /// What was.
    private var moved: [PodUID: MovedTags] = [:]
    /// Why it could not be.
    private var moveFailures: [PodUID: ActionFailure] = [:]
    /// What was seen of a Pod before this says nothing any more.
    private var outdated: [PodUID: BootTime] = [:]

    init(begun: BootTime) { self.begun = begun }

    /// Takes in a plan. What was done about a Pod first is what the pass did about it.
    mutating func note(_ plan: NodePlan, now: BootTime) {
        awaited = Set(plan.entries.map(\.uid))
        waitedFor = plan.waitedFor
        for entry in plan.entries {
            if let before = entries[entry.uid], before.change.isChange || !entry.change.isChange { continue }
            entries[entry.uid] = entry
            if entry.change.isChange { planned[entry.uid] = planned[entry.uid] ?? now }
        }
        standings = standings.filter { awaited.contains($0.key) }
        held = held.filter { awaited.contains($0.key) }
        outdated = outdated.filter { awaited.contains($0.key) }
        moved = moved.filter { awaited.contains($0.key) }
        moveFailures = moveFailures.filter { awaited.contains($0.key) }
    }

    /// Takes in that a plan was carried out.
    mutating func noteCarriedOut(_ plan: NodePlan) {
        for entry in plan.changes {
            held[entry.uid] = nil
            switch entry.change {
            case .delete(let old): ending.insert(old.uid)
            case .replace(let olds, _): ending.formUnion(olds.map(\.uid))
            case .update(let pod, _): updated[pod.uid] = pod
            case .create, .await, .keep, .ending: break
            }
        }
        standings = standings.filter { !isStale($0.value, of: $0.key) }
    }

    mutating func note(_ uid: PodUID, _ standing: PodStanding, now: BootTime) {
        // Whose end is held back may well be seen meanwhile.
        if entries[uid]?.change.endsPods != true { held[uid] = nil }
        if isStale(standing, of: uid) { return }
        standings[uid] = standing
        reached[uid] = standing.isHealthy ? reached[uid] ?? now : nil
    }

    /// Takes in that images are pulled for a Pod because their tags moved.
    ///
    /// - Returns: whether none were pulled for that already.
    mutating func noteMoving(_ uid: PodUID, _ images: [String: String], now: BootTime) -> Bool {
        guard moving[uid] == nil else { return false }
        moving[uid] = MovedTags(
            images: Set(images.values).sorted(), imageIDs: standings[uid]?.imageIDs,
            begun: now)
        return true
    }

    /// Takes in that they are there, or why not: the Pod is to be looked at anew.
    mutating func noteMoved(_ uid: PodUID, _ failure: ActionFailure?, now: BootTime) {
        moveFailures[uid] = failure
        if failure == nil { moved[uid] = moving[uid] }
        moving[uid] = nil
        outdated[uid] = now
        (standings[uid], reached[uid]) = (nil, nil)
    }

    /// Whether a Pod was looked at before what was done about it.
    private func isStale(_ standing: PodStanding, of uid: PodUID) -> Bool {
        if let outdated = outdated[uid], let seen = standing.seen, seen < outdated { return true }
        if ending.contains(uid), standing.status.deletion == nil { return true }
        return updated[uid].map { !$0.isSame(as: standing.status.accepted) } ?? false
    }

    /// Whether a changed manifest was handed to a Pod.
    func hasUpdated(_ uid: PodUID) -> Bool { updated[uid] != nil }

    /// What was seen of these Pods before says nothing any more.
    mutating func forget(_ uids: some Sequence<PodUID>) { for uid in uids { standings[uid] = nil } }

    /// Takes in that a change is held back.
    ///
    /// - Returns: whether that was not known yet.
    mutating func noteHeld(_ entry: NodePlanEntry, _ retry: Retry) -> Bool {
        let change = HeldChange(verb: entry.change.verb, retry: retry)
        return held.updateValue(change, forKey: entry.uid) != change
    }

    /// Why a change is held back; nil for one that is not.
    func failure(of uid: PodUID) -> ActionFailure? { held[uid]?.retry.failure }

    mutating func noteGone(_ uid: PodUID, now: BootTime) {
        standings[uid] = nil
        if entries[uid]?.change.endsPods == true { reached[uid] = now }
        // An accepted Pod that went away is to come back.
        if entries[uid]?.change.impact == .ends { awaited.remove(uid) }
    }

    /// Whether something begins once a Pod is gone: its own return, or another Pod of its name. The end of any other asks
    /// for no new plan: a hundred that end at once would ask for a hundred.
    func isWaited(for uid: PodUID) -> Bool { waitedFor.contains(uid) }

    /// What is held back now, by name.
    func heldChanges(now: Moment) -> [LoopStatus.Held] {
        held.filter { $0.value.retry.due > now.boot }.compactMap { uid, change in
            entries[uid].map { entry in
                LoopStatus.Held(
                    pod: entry.pod, change: change.verb, reason: change.retry.failure.description,
                    until: now.wall + (change.retry.due - now.boot))
            }
        }.sorted { $0.pod < $1.pod }
    }

    /// Nothing more is to be expected: every Pod is healthy, gone, or failed.
    var isSettled: Bool {
        isPlanned && planFailure == nil && tags == .known && moving.isEmpty
            && awaited.allSatisfy { uid in
                if held[uid] != nil { return true }
                guard let standing = standings[uid] else { return false }
                // A Pod that could not be started can still be ended: only a failure to end it counts.
                if standing.status.deletion != nil { return !standing.failures.isEmpty }
                return standing.isSettled
            }
    }

    func summary(slice: AcceptedSlice?, diagnostics: [Diagnostic], now: BootTime) -> PassSummary {
        let pods = entries.values.sorted { ($0.pod, $0.uid) < ($1.pod, $1.uid) }.map(result)
        return PassSummary(
            outcome: outcome(pods, diagnostics), revision: slice?.revision, commit: slice?.commit,
            diagnostics: diagnostics, pods: pods, duration: now - begun)
    }

    private func result(_ entry: NodePlanEntry) -> PodResult {
        let standing = standings[entry.uid]
        let isEnding = entry.change.impact == .ends
        let restart = entry.change.isChange ? nil : moved[entry.uid].flatMap { $0.changes(standing) ? $0 : nil }
        return PodResult(
            pod: entry.pod, uid: entry.uid, verb: restart == nil ? entry.change.verb : "restart",
            reason: restart?.words ?? entry.reason, status: standing?.status,
            failure: standing?.failure ?? held[entry.uid]?.retry.failure ?? moveFailure(entry.uid),
            isHealthy: isEnding ? !awaited.contains(entry.uid) : standing?.isHealthy ?? false,
            took: duration(of: entry.uid, since: restart?.begun))
    }

    /// Why a container does not run what its tag leads to now.
    private func moveFailure(_ uid: PodUID) -> ActionFailure? {
        moveFailures[uid]
            ?? moving[uid].map { ActionFailure(reason: "TagMoved", message: "\($0.words), and was not pulled in time") }
    }

    /// How long a change took; nil where there was none, and while it is not over.
    private func duration(of uid: PodUID, since begun: BootTime?) -> Duration? {
        (planned[uid] ?? begun).flatMap { begun in reached[uid].map { max(.zero, $0 - begun) } }
    }

    private func outcome(_ pods: [PodResult], _ diagnostics: [Diagnostic]) -> PassOutcome {
        if let sourceFailure { return .sourceUnreachable(sourceFailure) }
        if diagnostics.contains(where: { $0.severity == .error }) { return .invalidManifests }
        if storeFailure != nil || planFailure != nil || pods.contains(where: { $0.failure != nil }) {
            return .actionFailed
        }
        return isSettled && pods.allSatisfy(\.isHealthy) ? .converged : .notHealthy
    }
}

/// A change that is tried again later. It need not be the first one of its Pod, which is what a pass did about it.
private struct HeldChange: Hashable {
    let verb: String
    let retry: Retry
}

/// Tags of a Pod that lead to other images than its containers run from.
private struct MovedTags {
    let images: [String]
    /// What the containers ran from before; nil where nobody had looked.
    let imageIDs: [String]?
    let begun: BootTime

    var words: String { "\(images.joined(separator: ", ")) leads to another image now" }

    /// Whether the containers run from something else now: an index may move for the sake of other machines.
    func changes(_ standing: PodStanding?) -> Bool { imageIDs == nil || standing?.imageIDs != imageIDs }
}

extension PodStanding {
    /// What each container was started from, in the order of the manifest.
    fileprivate var imageIDs: [String] { (status.initContainers + status.containers).map(\.imageID) }
}

extension AcceptedPod {
    /// Whether two versions say the same and take the same from other objects.
    fileprivate func isSame(as other: AcceptedPod) -> Bool { written == other.written && sources == other.sources }
}
