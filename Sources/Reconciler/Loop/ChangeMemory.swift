import PodModel

/// What the loop remembers of the changes it made: one that is still to be made afterwards achieved nothing, and must
/// not be repeated in a circle. Lost with the agent, at the cost of one early retry.
struct ChangeMemory {
    /// The changes that were made and not yet seen to have had an effect.
    private var made: [PodUID: NodeChange] = [:]
    private var retries: [PodUID: Retry] = [:]
    private var noted: PlanEntry?

    /// The changes of a plan that must wait, and until when.
    mutating func held(of plan: NodePlan, now: BootTime) -> [PodUID: Retry] {
        let changes = Dictionary(plan.changes.map { ($0.uid, $0.change) }, uniquingKeysWith: { first, _ in first })
        retries = retries.filter { changes[$0.key] != nil }
        for (uid, change) in made where changes[uid] == change {
            let failure = ActionFailure(
                reason: "NoProgress", message: "\(change.verb) reported success, but nothing changed")
            retries[uid] = Retry(failure, after: retries[uid], now: now)
        }
        made = [:]
        return retries.filter { $0.value.due > now }
    }

    /// Remembers that the changes of a plan were made.
    mutating func learn(_ plan: NodePlan) {
        made = Dictionary(plan.changes.map { ($0.uid, $0.change) }, uniquingKeysWith: { first, _ in first })
    }

    /// A Pod was seen: if it was created, that had its effect.
    mutating func noteSeen(_ uid: PodUID) {
        if case .create? = made[uid] { made[uid] = nil }
    }

    /// Whether an entry of the history says something else than the one before it.
    mutating func isNews(_ entry: PlanEntry) -> Bool {
        defer { noted = entry }
        return noted?.revision != entry.revision || noted?.changes != entry.changes
    }
}
