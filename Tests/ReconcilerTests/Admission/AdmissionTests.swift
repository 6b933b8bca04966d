import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("Admission: who fits on the node")
struct AdmissionTests {
    private static let node = NodeAllocatable(
        cpu: MilliCPU(2000), memory: Bytes(4000), ephemeralStorage: Bytes(1000), pods: 5)

    private func pod(
        _ name: String, cpu: Int = 0, memory: Int = 0, disk: Int = 0, priority: Int? = nil, age: Int = 0,
        gates: [String] = []
    ) -> AcceptedPod {
        var pod = Pod.make(name)
        pod.spec.containers[0].resources = ResourceRequirements(
            requests: ResourceList(cpu: MilliCPU(cpu), memory: Bytes(memory), ephemeralStorage: Bytes(disk)))
        pod.spec.priority.value = priority
        pod.spec.schedulingGates = gates.map { PodSchedulingGate(name: $0) }
        return AcceptedPod(
            uid: PodUID(name), pod: pod, digest: PodDigest.digest(ofWritten: pod.encoded), written: pod.encoded,
            application: .root, createdAt: moment(Double(-age)).wall, file: "pod.yaml")
    }

    private func here(_ pod: AcceptedPod, hold: PodHold? = nil, phase: PodPhase? = nil, isEnding: Bool = false)
        -> ObservedPod
    {
        let record = PodRecord(
            accepted: pod, bootID: firstBoot, deletion: isEnding ? DeletionRecord(of: pod, now: moment(0)) : nil,
            finalPhase: phase, hold: hold)
        return ObservedPod(record: record, sandbox: hold == nil ? .ready : .absent, containers: [:])
    }

    private func admission(
        _ accepted: [AcceptedPod], _ observed: [ObservedPod] = [], on node: NodeAllocatable? = AdmissionTests.node,
        pressures: Set<NodePressureKind> = [], heirs: Set<PodUID> = [], foretelling: Bool = false
    ) -> Admission {
        Admission(
            NodePlan(accepted: .make(accepted), observed: observed), observed: observed, allocatable: node,
            pressures: pressures, heirs: heirs, foretelling: foretelling)
    }

    private func words(_ pods: AcceptedPod..., beside: [ObservedPod] = []) -> String? {
        admission(pods + beside.map(\.record.accepted), beside).waits[pods[0].uid]?.message
    }

    @Test("who does not fit waits in the scheduler's words")
    func unschedulable() {
        let rest = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
        #expect(words(pod("a", cpu: 2000)) == nil)
        #expect(words(pod("a", cpu: 4000)) == "0/1 nodes are available: 1 Insufficient cpu. \(rest)")
        #expect(
            words(pod("a", cpu: 2001, memory: 4001, disk: 1001))
                == "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient ephemeral-storage, "
                + "1 Insufficient memory. \(rest)")
        let five = (0..<5).map { here(pod("p\($0)")) }
        #expect(words(pod("a"), beside: five) == "0/1 nodes are available: 1 Too many pods. \(rest)")
        #expect(
            words(pod("a", cpu: 2001), beside: five)
                == "0/1 nodes are available: 1 Insufficient cpu, 1 Too many pods. \(rest)")
    }

    private func listening(
        _ name: String, _ port: Int, at address: String? = nil, _ transport: TransportProtocol = .tcp
    )
        -> AcceptedPod
    {
        var pod = Pod.make(name)
        pod.spec.containers[0].ports = [
            ContainerPort(containerPort: 80, protocol: transport, hostPort: port, hostIP: address)
        ]
        return AcceptedPod(
            uid: PodUID(name), pod: pod, digest: PodDigest.digest(ofWritten: pod.encoded), written: pod.encoded,
            application: .root, createdAt: moment(0).wall, file: "pod.yaml")
    }

    @Test("of two Pods with one hostPort the second waits in the scheduler's words until the first is gone")
    func hostPorts() {
        let first = listening("a", 8080)
        let second = listening("b", 8080)
        let message =
            "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: "
            + "0/1 nodes are available: 1 No preemption victims found for incoming pod."

        #expect(admission([first, second]).waits.mapValues(\.message) == [PodUID("b"): message])
        #expect(words(second, beside: [here(first)]) == message)
        #expect(admission([second], [here(first, isEnding: true)]).waits.keys.map(\.text) == ["b"])
        #expect(admission([first, second], [here(first, phase: .succeeded)]).waits.isEmpty)
        #expect(admission([second], [here(first, isEnding: true)], on: nil).waits.keys.map(\.text) == ["b"])
        #expect(admission([second], [here(first, isEnding: true)], foretelling: true).waits.isEmpty)
    }

    @Test(
        "ports of different addresses or transports do not exclude each other; one of every address excludes all",
        arguments: [
            ("127.0.0.1", .tcp, true), ("192.0.2.1", .tcp, false), (nil, .tcp, true),
            ("0.0.0.0", .tcp, true), ("127.0.0.1", .udp, false),
        ] as [(String?, TransportProtocol, Bool)])
    func exclusion(address: String?, transport: TransportProtocol, isExcluded: Bool) {
        let found = admission([listening("b", 80, at: address, transport)], [here(listening("a", 80, at: "127.0.0.1"))])

        #expect(found.waits.isEmpty != isExcluded)
    }

    @Test("who has the node keeps it, also when it is more than there is now; who asks for nothing fits")
    func overcommitted() {
        let large = here(pod("large", cpu: 5000))
        let found = admission([large.record.accepted, pod("small", memory: 1), pod("other", cpu: 1)], [large])

        #expect(Set(found.waits.keys) == [PodUID("other")])
    }

    @Test("what has ended for good leaves its place; what is asked to end keeps it until it is gone")
    func places() {
        let old = pod("old", cpu: 2000)
        let new = pod("new", cpu: 1000)

        #expect(admission([old, new], [here(old, phase: .succeeded)]).waits.isEmpty)
        #expect(admission([new], [here(old, isEnding: true)]).waits.keys.map(\.text) == ["new"])
        #expect(admission([new], [here(old, isEnding: true)], foretelling: true).waits.isEmpty)
        #expect(admission([new]).waits.isEmpty)
    }

    @Test("the higher priority comes first, then the older, then the name; who fits is not kept waiting")
    func order() {
        let found = admission([
            pod("a", cpu: 1500), pod("b", cpu: 1500, age: 5), pod("c", cpu: 1500, priority: 1), pod("d", cpu: 500),
        ])
        #expect(Set(found.waits.keys.map(\.text)) == ["a", "b"], "c is first, d fits beside it")

        let older = admission([pod("a", cpu: 1500), pod("b", cpu: 1500, age: 5)])
        #expect(older.waits.keys.map(\.text) == ["a"])
        #expect(admission([pod("a", cpu: 1500), pod("b", cpu: 1500)]).waits.keys.map(\.text) == ["b"])
    }

    @Test("a Pod with gates waits for them and takes no room")
    func gates() {
        let found = admission([pod("a", cpu: 2000, priority: 9, gates: ["x"]), pod("b", cpu: 2000)])

        #expect(found.waits.keys.map(\.text) == ["a"])
        #expect(found.waits[PodUID("a")]?.reason == .gated)
        #expect(!found.isShort, "more room would change nothing")
    }

    @Test(
        "a change that does not fit is put off in the kubelet's words",
        arguments: [
            (1500, 0, nil),
            (2000, 0, "deferred Node didn't have enough resource: cpu, requested: 2000, used: 500, capacity: 2000"),
            (2001, 0, "infeasible Node didn't have enough capacity: cpu, requested: 2001, capacity: 2000"),
            (2001, 4001, "infeasible Node didn't have enough capacity: memory, requested: 4001, capacity: 4000"),
        ] as [(Int, Int, String?)])
    func changes(cpu: Int, memory: Int, expected: String?) {
        let before = here(pod("a", cpu: 1000))
        let other = here(pod("b", cpu: 500))
        var changed = pod("a", cpu: cpu, memory: memory)
        changed = AcceptedPod(
            uid: changed.uid, pod: changed.pod, digest: before.record.accepted.digest, written: changed.written,
            application: .root, createdAt: changed.createdAt, file: "pod.yaml")

        let found = admission([changed, other.record.accepted], [before, other])

        let wait = found.waits[PodUID("a")]
        #expect(wait.map { "\($0.reason)".lowercased() + " \($0.message)" } == expected)
        #expect(found.heldChanges == (expected == nil ? [] : [PodUID("a")]))
    }

    @Test("what shrinks makes room for what grows and for who waits, in the same plan")
    func shrinking() {
        let (a, b) = (here(pod("a", cpu: 500)), here(pod("b", cpu: 1500)))

        let found = admission([pod("a", cpu: 1000), pod("b", cpu: 500), pod("c", cpu: 500)], [a, b])

        #expect(found.waits.isEmpty)
    }

    @Test("records are told only what they do not say yet; the time stays as long as the reason does")
    func holds() throws {
        let waiting = pod("a", cpu: 4000)
        let plan = NodePlan(accepted: .make([waiting]), observed: [])
        let first = admission([waiting]).changedHolds(in: plan, [], at: moment(1).wall)
        let hold = try #require(first[waiting.uid] ?? nil)
        #expect(hold.reason == .unschedulable && hold.since == moment(1).wall)

        let observed = [here(waiting, hold: hold)]
        func later(_ node: NodeAllocatable) -> [PodUID: PodHold?] {
            admission([waiting], observed, on: node)
                .changedHolds(
                    in: NodePlan(accepted: .make([waiting]), observed: observed), observed, at: moment(9).wall)
        }
        #expect(later(Self.node).isEmpty)
        let noMemory = NodeAllocatable(cpu: MilliCPU(0), memory: Bytes(0), ephemeralStorage: Bytes(0), pods: 0)
        #expect((later(noMemory)[waiting.uid] ?? nil)?.since == moment(1).wall)
        let large = NodeAllocatable(cpu: MilliCPU(4000), memory: Bytes(0), ephemeralStorage: Bytes(0))
        #expect(later(large) == [waiting.uid: nil])
    }

    @Test("what others use changes all the time: who waits for it is told once, until something else is short")
    func use() throws {
        let before = here(pod("a", cpu: 1000))
        func hold(asking cpu: Int, beside other: Int, after hold: PodHold?) -> PodHold?? {
            let observed = [
                ObservedPod(
                    record: PodRecord(accepted: before.record.accepted, bootID: firstBoot, hold: hold),
                    sandbox: .ready, containers: [:]), here(pod("b", cpu: other)),
            ]
            let accepted = [pod("a", cpu: cpu), pod("b", cpu: other)]
            let plan = NodePlan(accepted: .make(accepted), observed: observed)
            return admission(accepted, observed).changedHolds(in: plan, observed, at: moment(1).wall)[before.uid]
        }
        let first = try #require(hold(asking: 2000, beside: 500, after: nil) ?? nil)
        #expect(first.message.contains("used: 500, "))
        #expect(hold(asking: 2000, beside: 600, after: first) == nil)
        #expect((hold(asking: 1900, beside: 600, after: first) ?? nil)?.message.contains("requested: 1900") == true)
    }

    // MARK: Pressure

    private func pressed(
        _ pressures: Set<NodePressureKind>, _ change: (inout PodSpec) -> Void = { _ in }
    ) -> String? {
        var pod = Pod.make("a")
        change(&pod.spec)
        return admission([.make(pod)], pressures: pressures).waits[PodUID("u1")]?.message
    }

    private static func asks(_ spec: inout PodSpec) {
        spec.containers[0].resources = ResourceRequirements(requests: ResourceList(cpu: MilliCPU(1)))
    }

    @Test(
        "short of memory, a node takes on nobody who said nothing of what it needs, but who tolerates that, and critical Pods"
    )
    func memoryPressure() {
        #expect(
            pressed([.memory])
                == "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/memory-pressure: }. "
                + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")
        #expect(pressed([.memory], Self.asks) == nil)
        #expect(pressed([.memory]) { $0.priority.value = 2_000_000_000 } == nil)
        #expect(
            pressed([.memory]) {
                $0.tolerations = [Toleration(key: "node.kubernetes.io/memory-pressure", operator: .exists)]
            } == nil)
        #expect(pressed([.memory]) { $0.tolerations = [Toleration(key: "other", operator: .exists)] } != nil)
    }

    @Test("short of disk, a node takes on critical Pods only; a toleration changes the words alone")
    func diskPressure() {
        let words = "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }."
        #expect(pressed([.disk])?.hasPrefix(words) == true)
        #expect(pressed([.disk], Self.asks)?.hasPrefix(words) == true)
        #expect(pressed([.memory, .disk], Self.asks)?.hasPrefix(words) == true)
        #expect(
            pressed([.disk]) { $0.tolerations = [Toleration(operator: .exists)] }
                == "The node had condition: [DiskPressure].")
        #expect(pressed([.disk]) { $0.priority.value = 2_000_000_000 } == nil)
    }

    @Test("who has the node keeps it under pressure, goes on where its successor could not start, and may be changed")
    func pressedStanding() {
        let old = pod("a", cpu: 500)
        let new = successor(of: old, cpu: 600)
        let replaced = admission([new], [here(old)], pressures: [.disk])
        #expect(replaced.heldChanges == [new.uid] && replaced.isShort)

        let found = admission([pod("a", cpu: 600), pod("b")], [here(old)], pressures: [.disk])
        #expect(found.waits.keys.map(\.text) == ["b"] && found.heldChanges.isEmpty)
    }

    // MARK: Who makes way

    private func successor(of old: AcceptedPod, cpu: Int) -> AcceptedPod {
        successor(of: old, as: pod(old.name.name, cpu: cpu))
    }

    private func successor(of old: AcceptedPod, as new: AcceptedPod) -> AcceptedPod {
        AcceptedPod(
            uid: PodUID("\(old.uid)-new"), pod: new.pod, digest: new.digest, written: new.written,
            application: .root, createdAt: moment(1).wall, file: "pod.yaml")
    }

    @Test("nothing that runs makes way for what has no room when it has gone", arguments: [(2000, 4), (1100, 1)])
    func kept(cpu: Int, others: Int) {
        let old = pod("a", cpu: 1000)
        let beside = (0..<others).map { pod("p\($0)", cpu: 1000 / others) }
        let new = successor(of: old, cpu: cpu)
        let found = admission([new] + beside, ([old] + beside).map { here($0) })
        #expect(found.replacements[new.uid]?.shortages == ["Insufficient cpu"])
        #expect(found.heldChanges == [new.uid] && found.isShort)

        let fits = successor(of: old, cpu: 1000)
        #expect(admission([fits] + beside, ([old] + beside).map { here($0) }).replacements.isEmpty)
        #expect(admission([fits] + beside, ([old] + beside).map { here($0) }, foretelling: true).waits.isEmpty)
    }

    @Test("Pods replaced by one push leave their places to each other, ports and room alike")
    func swap() {
        let (left, right) = (listening("left", 8080), listening("right", 8081))
        let newLeft = successor(of: left, as: listening("left", 8081))
        let newRight = successor(of: right, as: listening("right", 8080))
        #expect(admission([newLeft, newRight], [here(left), here(right)]).replacements.isEmpty)

        let third = listening("third", 8082)
        let late = successor(of: right, as: listening("right", 8082))
        let held = admission([newLeft, late, third], [here(left), here(right), here(third)]).replacements
        #expect(Set(held.keys) == [newLeft.uid, late.uid], "the port that one waits for keeps the other waiting")

        let (large, small) = (pod("large", cpu: 1600), pod("small", cpu: 400))
        let turned = [successor(of: large, cpu: 400), successor(of: small, cpu: 1600)]
        #expect(admission(turned, [here(large), here(small)]).replacements.isEmpty)
    }

    @Test("who is too large keeps nobody else from being replaced, whoever is asked first", arguments: ["a", "z"])
    func greedy(name: String) {
        let (greedy, modest, still) = (pod(name, cpu: 100), pod("m", cpu: 100), pod("n", cpu: 1000))
        let new = [successor(of: greedy, cpu: 1900), successor(of: modest, cpu: 200)]
        let found = admission(new + [still], [here(greedy), here(modest), here(still)])
        #expect(Set(found.replacements.keys) == [new[0].uid])
    }

    @Test(
        "what has ended for good, or never started, keeps its successor from nothing: that waits itself",
        arguments: [true, false])
    func successorOfNothing(hasEnded: Bool) {
        let old = pod("a", cpu: 4000)
        let hold = PodHold(reason: .unschedulable, message: "no room", since: moment(0).wall)
        let new = successor(of: old, cpu: 3000)
        let found = admission([new], [hasEnded ? here(old, phase: .failed) : here(old, hold: hold)])
        #expect(found.replacements.isEmpty && found.heldChanges.isEmpty)
    }

    @Test("room that a change would free is not given away while the change is held back")
    func undone() {
        let (large, small, next) = (pod("a", cpu: 1500), pod("a", cpu: 500), pod("b", cpu: 1500))
        let observed = [here(large)]
        let plan = NodePlan(accepted: .make([small, next]), observed: observed)
        func waits(undone: Set<PodUID>) -> [PodUID] {
            Admission(plan, observed: observed, allocatable: Self.node, undone: undone).waits.keys.sorted()
        }
        #expect(waits(undone: []) == [])
        #expect(waits(undone: [large.uid]) == [next.uid])
    }

    @Test("who replaces a Pod has its place, before all who wait, whatever their priority and their age")
    func heir() {
        let old = pod("a", cpu: 1000)
        let new = successor(of: old, cpu: 1500)
        let waiting = [pod("b", cpu: 600, priority: 9, age: 9), pod("c", cpu: 1500, priority: 9, age: 9)]

        let asked = admission([new] + waiting, [here(old)])
        #expect(Set(asked.waits.keys.map(\.text)) == ["b", "c"], "what it asks for in addition is kept for it")
        #expect(asked.heirs == [new.uid])
        let ending = admission([new] + waiting, [here(old, isEnding: true)], heirs: asked.heirs)
        #expect(Set(ending.waits.keys.map(\.text)) == ["b", "c"])
        let gone = admission([new] + waiting, heirs: ending.heirs)
        #expect(Set(gone.waits.keys.map(\.text)) == ["b", "c"] && gone.heirs == [new.uid])
        #expect(
            Set(admission([new] + waiting).waits.keys.map(\.text)) == ["a-new", "c"],
            "without its place b would come first")
        #expect(Set(admission([new] + waiting, [here(old)], foretelling: true).waits.keys.map(\.text)) == ["b", "c"])
        #expect(admission([new] + waiting, [here(new)], heirs: gone.heirs).heirs.isEmpty)
    }

    @Test("who replaces a Pod and must wait for the node to be well again keeps its place and its room meanwhile")
    func waitingHeir() throws {
        let new = successor(of: pod("a", cpu: 1000), cpu: 1500)
        let critical = pod("b", cpu: 600, priority: 2_000_000_000, age: 9)

        let pressed = admission([new, critical], pressures: [.disk], heirs: [new.uid])
        #expect(pressed.waits[new.uid]?.shortages == ["DiskPressure"])
        #expect(pressed.waits[critical.uid]?.shortages == ["Insufficient cpu"])
        let wait = try #require(pressed.waits[new.uid])
        let waiting = here(new, hold: PodHold(reason: wait.reason, message: wait.message, since: moment(0).wall))
        let still = admission([new, critical], [waiting], pressures: [.disk], heirs: pressed.heirs)
        #expect(still.heirs == [new.uid] && still.waits.count == 2)
        let well = admission([new, critical], [waiting], heirs: still.heirs)
        #expect(well.waits.keys.map(\.text) == ["b"])
    }

    @Test("a Pod that waited hands its place in the queue on, over as many changes as there are")
    func claim() {
        let first = pod("a", cpu: 1500, age: 9)
        var slice = AcceptedSlice.make([first])
        for change in 1...2 {
            var changed = first.pod
            changed.spec.terminationGracePeriodSeconds = change
            let loaded = LoadedManifests(pods: [LoadedPod.make(changed)], diagnostics: [])
            slice =
                Acceptance(
                    previous: slice, loaded: loaded, revision: RevisionID("r\(change)"), commit: someCommit,
                    node: NodeProfile(name: "n"), now: moment(Double(change)).wall, newUID: { PodUID("a-\(change)") }
                ).slice
            #expect(slice.pods[0].uid == PodUID("a-\(change)") && slice.pods[0].createdAt > first.createdAt)
            #expect(slice.pods[0].claim == first.createdAt)
        }
        #expect(admission(slice.pods + [pod("b", cpu: 1500, age: 1)]).waits.keys.map(\.text) == ["b"])
    }

    // MARK: Whatever is asked for

    @Test(
        "never more is set aside than there is, nobody waits who fits, and nothing depends on the order",
        arguments: 0..<200)
    func properties(seed: UInt64) {
        var dice = Dice(seed: seed)
        var (accepted, observed): ([AcceptedPod], [ObservedPod]) = ([], [])
        var free = (cpu: 2000, memory: 4000, pods: 5)
        for number in 0..<Int.random(in: 1...9, using: &dice) {
            let pod = pod(
                "p\(number)", cpu: Int.random(in: 0...12, using: &dice) * 100,
                memory: Int.random(in: 0...10, using: &dice) * 250, priority: Int.random(in: 0...2, using: &dice),
                age: Int.random(in: 0...2, using: &dice))
            accepted.append(pod)
            guard dice.happens(0.4) else { continue }
            let requests = pod.pod.spec.effectiveRequests
            let (cpu, memory) = (requests.cpu?.count ?? 0, requests.memory?.count ?? 0)
            if free.pods > 0, cpu <= free.cpu, memory <= free.memory {
                free = (free.cpu - cpu, free.memory - memory, free.pods - 1)
                observed.append(here(pod))
            }
        }
        let found = admission(accepted, observed)

        let there = Set(observed.map(\.uid))
        #expect(there.isDisjoint(with: found.waits.keys), "who has the node keeps it")
        for pod in accepted where !there.contains(pod.uid) && found.waits[pod.uid] == nil {
            free.cpu -= pod.pod.spec.effectiveRequests.cpu?.count ?? 0
            free.memory -= pod.pod.spec.effectiveRequests.memory?.count ?? 0
            free.pods -= 1
        }
        #expect(free.cpu >= 0 && free.memory >= 0 && free.pods >= 0)
        for pod in accepted where found.waits[pod.uid] != nil {
            let (cpu, memory) = (
                pod.pod.spec.effectiveRequests.cpu?.count ?? 0, pod.pod.spec.effectiveRequests.memory?.count ?? 0
            )
            #expect(free.pods == 0 || cpu > free.cpu || memory > free.memory, "\(pod.name) would fit")
        }
        accepted.shuffle(using: &dice)
        observed.shuffle(using: &dice)
        #expect(admission(accepted, observed) == found)
    }
}
