import Manifests
import PodModel
import Testing

@testable import Reconciler

/// Random repositories, random accidents: whatever happens, the node ends up as accepted, no promise is broken, and
/// nothing is touched that did not change.
@Suite("Convergence") struct ConvergenceTests {
    @Test("every node converges, whatever happens to it", arguments: 0..<150)
    func converges(seed: UInt64) {
        var story = Story(seed: seed)

        for chapter in 0..<10 {
            let place: Comment = "seed \(seed), chapter \(chapter)"
            story.push(chapter)
            #expect(story.lost() == [], place)
            let untouched = story.untouched()
            let steady = story.steadyContainers()
            story.settle(accidents: true)
            story.settle(accidents: false)

            #expect(story.node.violations == [], place)
            #expect(story.unhealthy() == [], place)
            for (uid, life) in untouched where !story.harmed.contains(uid) {
                #expect(story.node.lives[uid]?.record == life, "\(place): touched")
            }
            for (uid, name, id) in steady where !story.harmed.contains(uid) {
                #expect(story.node.lives[uid]?.processes[name]?.id == id, "\(place): container \(name) touched")
            }
        }
    }

    @Test("an agent that starts again finds nothing to do", arguments: 0..<20)
    func adoption(seed: UInt64) {
        var story = Story(seed: seed)
        story.push(0)
        story.settle(accidents: false)
        let before = story.node.lives.mapValues(\.record)

        story.memories = [:]
        story.settle(accidents: false)

        #expect(story.node.lives.mapValues(\.record) == before)
    }
}

/// One node, its repository, and a generator of bad luck.
private struct Story {
    var node = SimulatedNode()
    var slice: AcceptedSlice?
    var memories: [PodUID: WorkerMemory] = [:]
    /// Pods that had an accident since the last push.
    var harmed: Set<PodUID> = []
    private var dice: Dice
    private var repository = RandomRepository()
    /// What stood when the repository was pushed to last.
    private var before: [AcceptedPod] = []
    private var boots = 1

    init(seed: UInt64) { dice = Dice(seed: seed) }

    /// Changes the repository, and lets the node accept what it finds, unless it cannot be stored.
    mutating func push(_ chapter: Int) {
        harmed = []
        before = slice?.pods ?? []
        repository.change(&dice)
        var generator = dice
        let accepted = Acceptance(
            previous: slice, loaded: repository.loaded, revision: RevisionID("r\(chapter)"),
            commit: someCommit, node: NodeProfile(name: "node"), now: node.now.wall,
            newUID: { PodUID.random(using: &generator) }
        ).slice
        dice = generator
        isStored = dice.happens(0.9)
        if isStored { slice = accepted }
        renew()
    }

    private var isStored = true

    /// Pods that ended, or would, although their author means to have them; and what is missing or left of a repository
    /// without mistakes.
    func lost() -> [String] {
        let standing = Set((slice?.pods ?? []).map(\.name))
        let lost = before.map(\.name).filter { repository.meant.contains($0) && !standing.contains($0) }
        guard isStored, repository.isSound else { return lost.map { "\($0) was lost to a mistake" } }
        return lost.map { "\($0) was lost" } + standing.symmetricDifference(repository.meant).map { "\($0) differs" }
    }

    /// The containers that run and that the newest slice does not change, be their Pods changed or not.
    func steadyContainers() -> [(PodUID, String, ContainerID)] {
        (slice?.pods ?? []).flatMap { pod -> [(PodUID, String, ContainerID)] in
            guard let life = node.lives[pod.uid], life.sandbox == .ready, life.record.deletion == nil else { return [] }
            var record = life.record
            record.takeOver(pod)
            return life.processes.filter { (record.pendingImpact(on: $0.key) ?? .none) < .restartContainer }
                .map { (pod.uid, $0.key, $0.value.id) }
        }
    }

    /// The records of Pods that run well and that the newest slice does not change.
    func untouched() -> [PodUID: PodRecord] {
        let plan = NodePlan(accepted: slice ?? .make([]), observed: node.observe())
        let kept = plan.entries.filter { $0.change == .keep }.map(\.uid)
        return kept.reduce(into: [:]) { $0[$1] = node.lives[$1]?.record }
    }

    /// Plans and acts until nothing is left to do or to wait for; accidents happen between actions, but not for ever.
    mutating func settle(accidents: Bool) {
        var luck = accidents ? 12 : 0
        for _ in 0..<400 {
            plan(&luck)
            var wakes: [BootTime] = []
            var isBusy = false
            for uid in node.lives.keys.sorted() {
                let (acted, wake) = look(uid, &luck)
                isBusy = isBusy || acted
                if let wake { wakes.append(wake) }
            }
            if isBusy { continue }
            if luck > 0, dice.happens(0.7) {
                accident(&luck)
            } else if let wake = wakes.min() {
                node.advance(by: max(.zero, wake - node.now.boot))
            } else {
                return
            }
        }
        Issue.record("the node does not come to rest")
    }

    private mutating func plan(_ luck: inout Int) {
        renew()
        guard let slice else { return }
        let plan = NodePlan(accepted: slice, observed: node.observe())
        node.markDeleted(plan.deletions(now: node.now))
        if isKilled(&luck) { return }
        node.update(plan.updates)
        if isKilled(&luck) { return }
        node.register(plan.registrations)
    }

    /// Pods that have ended and are asked for something else are other Pods from now on.
    private mutating func renew() {
        var generator = dice
        let renewed = slice?.renewing(
            among: node.observe(), at: node.now.wall, newUID: { PodUID.random(using: &generator) })
        dice = generator
        slice = renewed ?? slice
    }

    /// The agent is killed between two steps, now and then.
    private mutating func isKilled(_ luck: inout Int) -> Bool {
        guard luck > 0, dice.happens(0.05) else { return false }
        luck -= 1
        memories = [:]
        return true
    }

    private mutating func look(_ uid: PodUID, _ luck: inout Int) -> (acted: Bool, wake: BootTime?) {
        guard let pod = node.observe(uid) else { return (false, nil) }
        var memory = memories[uid] ?? WorkerMemory()
        defer { memories[uid] = memory }
        memory.notice(pod, now: node.now.boot)
        let plan = PodPlan(pod, retries: memory.retries, now: node.now)
        if plan.actions.isEmpty { return (false, plan.wake) }
        memory.acted(on: pod, plan.actions)
        for action in plan.actions {
            do {
                if luck > 0, dice.happens(0.1) {
                    luck -= 1
                    harmed.insert(uid)
                    throw ActionFailure(reason: "Failed", message: "bad luck")
                }
                try node.perform(action, on: uid)
                memory.learn(action, .done(ActionDetail()), now: node.now.boot)
            } catch {
                let failure = error as? ActionFailure ?? ActionFailure(reason: "Failed", message: "\(error)")
                memory.learn(action, .failed(failure), now: node.now.boot)
                break
            }
            if luck > 0, dice.happens(0.1) {
                accident(&luck)
                break
            }
        }
        return (true, nil)
    }

    private mutating func accident(_ luck: inout Int) {
        luck -= 1
        guard let uid = node.lives.keys.sorted().randomElement(using: &dice) else { return }
        switch Int.random(in: 0..<5, using: &dice) {
        case 0:
            harmed.insert(uid)
            node.exit("web", of: uid, code: dice.happens(0.5) ? 0 : 1)
        case 1:
            harmed.insert(uid)
            node.killSupervisor(of: uid)
        case 2:
            harmed.insert(uid)
            node.killPause(of: uid)
        case 3:
            // The agent is killed and starts again, perhaps between a birth and writing it down.
            memories = [:]
            if dice.happens(0.5) { node.forgetStart(of: uid) }
        default:
            guard dice.happens(0.2) else { return }
            boots += 1
            harmed.formUnion(node.lives.keys)
            memories = [:]
            node.reboot(after: 30, as: BootID("boot-\(boots)"))
        }
    }

    /// What is not as it should be once everything has settled.
    func unhealthy() -> [String] {
        let wanted = slice?.pods ?? []
        let extra = Set(node.lives.keys).subtracting(wanted.map(\.uid)).map { "\($0) should be gone" }
        let wrong = wanted.compactMap { pod -> String? in
            guard let observed = node.observe(pod.uid) else { return "\(pod.name) is missing" }
            let status = PodStatus(observed, nodeName: "node", now: node.now)
            let isFinished = pod.pod.spec.restartPolicy != .always && status.phase.isTerminal
            let hasFinishedPart =
                pod.pod.spec.restartPolicy != .always && status.phase == .running && observed.sandbox == .ready
            if isFinished { return observed.sandbox == .absent ? nil : "\(pod.name) finished and kept its sandbox" }
            let isFresh =
                observed.record.accepted.pod == pod.pod
                && pod.pod.spec.containers.allSatisfy {
                    status.phase.isTerminal || (observed.record.pendingImpact(on: $0.name) ?? .none) < .restartContainer
                }
            return isFresh && (status.isReady || hasFinishedPart) ? nil : "\(pod.name) is \(status.statusWord)"
        }
        return extra + wrong
    }
}
