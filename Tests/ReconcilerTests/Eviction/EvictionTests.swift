import Manifests
import PodModel
import Testing

@testable import Reconciler

/// A Pod with a request of memory, as its record tells it.
private func record(
    _ name: String, request: Int? = nil, priority: PodPriority = PodPriority(), ending: Bool = false,
    phase: PodPhase? = nil
) -> PodRecord {
    var pod = Pod.make(name)
    pod.spec.priority = priority
    pod.spec.containers[0].resources = ResourceRequirements(
        requests: ResourceList(memory: request.map { Bytes($0) }))
    let accepted = AcceptedPod.make(pod, uid: name)
    return PodRecord(
        accepted: accepted, bootID: firstBoot, deletion: ending ? DeletionRecord(of: accepted, now: moment(0)) : nil,
        finalPhase: phase)
}

private func candidate(_ name: String, uses: Int, request: Int = 0, priority: Int = 0) -> EvictionCandidate {
    EvictionCandidate(
        record: record(name, request: request, priority: PodPriority(value: priority)), usage: ["web": uses],
        request: request)
}

@Suite("Who makes way first")
struct EvictionRankTests {
    private func order(_ candidates: [EvictionCandidate]) -> [String] {
        EvictionRank.ranked(candidates).map(\.record.uid.text)
    }

    @Test("who takes more than was asked for, before who counts less")
    func overRequest() {
        #expect(
            order([
                candidate("modest", uses: 900, request: 1000),
                candidate("greedy", uses: 20, request: 10, priority: 1000),
            ]) == ["greedy", "modest"])
    }

    @Test("who counts less, before who takes more")
    func priority() {
        #expect(
            order([
                candidate("big", uses: 900, priority: 5), candidate("small", uses: 1, priority: -5),
            ]) == ["small", "big"])
    }

    @Test("who takes most beyond the request, not who takes most")
    func excess() {
        #expect(
            order([
                candidate("asked", uses: 900, request: 890), candidate("silent", uses: 50),
            ]) == ["silent", "asked"])
    }

    @Test("never a critical Pod, one that is ending, or one that has ended")
    func spared() {
        let records = [
            record("critical", priority: PodPriority(className: "system-node-critical")),
            record("number", priority: PodPriority(value: 2_000_000_000)), record("ending", ending: true),
            record("over", phase: .succeeded),
        ]
        #expect(order(records.map { EvictionCandidate(record: $0, usage: ["web": 5], request: 0) }) == [])
    }

    @Test("what the Pod as a whole requests counts, and of its containers what they need together at any time")
    func effectiveRequests() {
        func candidate(_ name: String, uses: Int, _ change: (inout PodSpec) -> Void) -> EvictionCandidate {
            var pod = Pod.make(name)
            change(&pod.spec)
            let record = PodRecord(accepted: .make(pod, uid: name), bootID: firstBoot)
            return EvictionCandidate(record, memory: ["web": uses])
        }
        func requesting(_ bytes: Int) -> ResourceRequirements {
            ResourceRequirements(requests: ResourceList(memory: Bytes(bytes)))
        }
        let whole = candidate("whole", uses: 900) { $0.resources = requesting(1000) }
        let starting = candidate("init", uses: 900) { spec in
            var sidecar = Container(name: "sidecar", image: "app:1", resources: requesting(300))
            sidecar.restartPolicy = .always
            spec.initContainers = [sidecar, Container(name: "init", image: "app:1", resources: requesting(700))]
        }
        let silent = candidate("silent", uses: 50) { _ in }

        #expect(whole.request == 1000)
        #expect(starting.request == 1000, "the init container runs beside the sidecar before it")
        #expect(order([whole, starting, silent]) == ["silent", "init", "whole"])
    }

    @Test("what a Pod keeps on the disk counts in bytes or in inodes; of these nobody requests any")
    func diskCandidate() {
        var pod = Pod.make("web")
        pod.spec.containers[0].resources = ResourceRequirements(
            requests: ResourceList(ephemeralStorage: Bytes(4096)))
        let record = PodRecord(accepted: .make(pod, uid: "web"), bootID: firstBoot)
        let use = PodDiskUse(
            containers: ["web": DiskUse(bytes: 8192, inodes: 2)], volumes: ["v": DiskUse(bytes: 1 << 20, inodes: 300)])

        let bytes = EvictionCandidate(record, disk: use, for: .imagefsAvailable)
        let inodes = EvictionCandidate(record, disk: use, for: .nodefsInodesFree)

        #expect(bytes.total == 8192 + (1 << 20))
        #expect(bytes.request == 4096)
        #expect(inodes.total == 302)
        #expect(inodes.request == nil)
    }

    @Test(
        "for a disk only those count whose end gives something back",
        arguments: [
            (EvictionSignal.nodefsAvailable, (1 << 20) - 1, false), (.nodefsAvailable, 1 << 20, true),
            (.imagefsAvailable, 4096, false), (.nodefsInodesFree, 99, false), (.imagefsInodesFree, 100, true),
            (.memoryAvailable, 0, true),
        ])
    func isOfUse(signal: EvictionSignal, uses: Int, isOfUse: Bool) {
        #expect(candidate("web", uses: uses).isOfUse(for: signal) == isOfUse)
    }

    @Test(
        "the order is one for all: whatever order they come in, and no two are alike",
        arguments: 0..<50 as Range<UInt64>)
    func property(seed: UInt64) {
        var dice = Dice(seed: seed)
        let all = (0..<12).map { number in
            candidate(
                "p\(number)", uses: Int.random(in: 0...3, using: &dice), request: Int.random(in: 0...3, using: &dice),
                priority: Int.random(in: -1...1, using: &dice))
        }

        let ranked = EvictionRank.ranked(all)

        #expect(EvictionRank.ranked(all.shuffled(using: &dice)) == ranked)
        #expect(Set(ranked) == Set(all))
        for (first, next) in zip(ranked, ranked.dropFirst()) {
            let (over, nextOver) = (first.total > first.request ?? 0, next.total > next.request ?? 0)
            #expect(over || !nextOver)
            let (rank, nextRank) = (
                first.record.accepted.pod.spec.priority.rank, next.record.accepted.pod.spec.priority.rank
            )
            if over == nextOver { #expect(rank <= nextRank) }
        }
    }
}

@Suite("Why a Pod has to go")
struct EvictionMessageTests {
    @Test("the kubelet's words about a node that is short of memory")
    func memory() {
        let message = Eviction.message(
            of: candidate("web", uses: 300 << 20, request: 100 << 20),
            for: MetThreshold(signal: .memoryAvailable, least: 100 << 20, available: 50 << 20))

        #expect(
            message == "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. "
                + "Container web was using 300Mi, request is 100Mi, has larger consumption of memory. ")
    }

    @Test("a container that keeps to its request is not named; inodes are no bytes")
    func modest() {
        let kept = Eviction.message(
            of: candidate("web", uses: 5, request: 10),
            for: MetThreshold(signal: .nodefsAvailable, least: 2048, available: 1024))
        let inodes = Eviction.message(
            of: candidate("web", uses: 5), for: MetThreshold(signal: .nodefsInodesFree, least: 2048, available: 1024))

        // It requests memory, not room on the disk.
        #expect(
            kept == "The node was low on resource: ephemeral-storage. Threshold quantity: 2Ki, available: 1Ki. "
                + "Container web was using 5, request is 0, has larger consumption of ephemeral-storage. ")
        #expect(inodes == "The node was low on resource: inodes. Threshold quantity: 2048, available: 1024. ")
    }

    private func pod(volume limit: Int? = nil, _ limits: Int?...) -> Pod {
        var pod = Pod.make("web", limits.indices.map { "c\($0)" })
        for (index, limit) in limits.enumerated() {
            pod.spec.containers[index].resources = ResourceRequirements(
                limits: ResourceList(ephemeralStorage: limit.map { Bytes($0) }))
        }
        if let limit { pod.spec.volumes = [Volume(name: "v", emptyDir: EmptyDirVolume(sizeLimit: Bytes(limit)))] }
        return pod
    }

    private func use(_ containers: Int..., volume: Int = 0) -> PodDiskUse {
        PodDiskUse(
            containers: Dictionary(
                uniqueKeysWithValues: containers.enumerated().map { ("c\($0.offset)", DiskUse(bytes: $0.element)) }),
            volumes: ["v": DiskUse(bytes: volume)])
    }

    @Test("a volume over its limit, in the kubelet's words")
    func volume() {
        let bounded = pod(volume: 1024, nil)
        #expect(bounded.spec.hasDiskLimits)
        #expect(bounded.exceededLimit(use(9999, volume: 1024)) == nil)
        #expect(
            bounded.exceededLimit(use(0, volume: 1025)) == "Usage of EmptyDir volume \"v\" exceeds the limit \"1Ki\". ")
    }

    @Test("containers over their limits, together and alone")
    func containers() {
        let both = pod(1024, 2048)
        #expect(both.spec.hasDiskLimits)
        #expect(both.exceededLimit(use(1024, 2048)) == nil)
        #expect(
            both.exceededLimit(use(2000, 0))
                == "Container c0 exceeded its local ephemeral storage limit \"1Ki\". ")
        #expect(
            both.exceededLimit(use(1024, 1024, volume: 1025))
                == "Pod ephemeral local storage usage exceeds the total limit of containers 3Ki. ")
        #expect(!pod(nil).spec.hasDiskLimits)
        #expect(pod(nil).exceededLimit(use(1 << 40, volume: 1 << 40)) == nil)
    }

    @Test("sidecars and init containers count as they do for requests")
    func initContainers() {
        func limited(_ name: String, _ limit: Int?) -> Container {
            let limits = ResourceList(ephemeralStorage: limit.map { Bytes($0) })
            return Container(name: name, image: "app:1", resources: ResourceRequirements(limits: limits))
        }
        var sidecar = limited("sidecar", 1024)
        sidecar.restartPolicy = .always
        var pod = pod(2048, nil)
        pod.spec.initContainers = [sidecar]
        #expect(pod.spec.totalStorageLimit == Bytes(3072))
        #expect(pod.exceededLimit(use(1000, 2072)) == nil)
        #expect(
            pod.exceededLimit(use(1000, 2073))
                == "Pod ephemeral local storage usage exceeds the total limit of containers 3Ki. ")
        #expect(
            pod.exceededLimit(PodDiskUse(containers: ["sidecar": DiskUse(bytes: 1025)]))
                == "Container sidecar exceeded its local ephemeral storage limit \"1Ki\". ")

        pod.spec.initContainers = [sidecar, limited("init", 4096)]
        #expect(pod.spec.totalStorageLimit == Bytes(5120))
        pod.spec.overhead = ResourceList(ephemeralStorage: Bytes(1024))
        #expect(pod.spec.totalStorageLimit == Bytes(6144))

        var only = self.pod(nil)
        only.spec.initContainers = [sidecar]
        #expect(only.spec.hasDiskLimits)
        #expect(self.pod(nil).spec.totalStorageLimit == nil)
    }

    @Test("a volume in memory is bounded by its file system, and not looked at")
    func inMemory() {
        var pod = pod(nil)
        pod.spec.volumes = [Volume(name: "v", emptyDir: EmptyDirVolume(medium: .memory, sizeLimit: Bytes(1)))]

        #expect(!pod.spec.hasDiskLimits)
        #expect(pod.exceededLimit(use(0, volume: 9999)) == nil)
    }
}

@Suite("The plan of a Pod that has to go")
struct EvictionPlanTests {
    private func running(_ record: PodRecord) -> ObservedPod {
        var record = record
        record.containers["web"] = ContainerRecord(id: ContainerID("c1"), startedAt: moment(0).wall)
        return ObservedPod(
            record: record, sandbox: .ready,
            containers: ["web": .running(id: ContainerID("c1"), since: moment(0).wall)])
    }

    @Test("it is written down before anything is stopped")
    func first() {
        let plan = PodPlan(running(record("web")), eviction: Eviction.because("full. "), now: moment(1))

        #expect(plan.actions == [.fail(reason: "Evicted", message: "full. ")])
    }

    @Test("its containers get a second, then its sandbox goes, and nothing starts again")
    func settling() {
        var evicted = record("web", phase: .failed)
        evicted.finalReason = Eviction.because("full. ")

        let plan = PodPlan(running(evicted), eviction: Eviction.because("full. "), now: moment(1))
        #expect(
            plan.actions == [
                .stopContainer(name: "web", id: ContainerID("c1"), grace: .seconds(1), reason: StopReason.podFinished)
            ])
        let status = PodStatus(running(evicted), nodeName: "node-1", now: moment(1))
        #expect(status.phase == .failed)
        #expect(status.reason?.reason == "Evicted")
    }

    @Test("who makes way for its node is said to be disrupted; who exceeded a limit of its own is not")
    func condition() {
        func shown(_ message: String) -> PodCondition? {
            var evicted = record("web", phase: .failed)
            evicted.finalReason = WaitingReason(reason: Eviction.reason, message: message, since: moment(1).wall)
            return PodStatus(running(evicted), nodeName: "node-1", now: moment(2)).conditions.first {
                $0.kind == .disruptionTarget
            }
        }
        let message = Eviction.message(
            of: candidate("web", uses: 5), for: MetThreshold(signal: .nodefsInodesFree, least: 2048, available: 1024))

        #expect(shown(message)?.isTrue == true)
        #expect(shown(message)?.reason == "TerminationByKubelet" && shown(message)?.message == message)
        #expect(shown(message)?.since == moment(1).wall)
        #expect(shown("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ") == nil)
    }

    @Test("one that is ending anyway ends as it would")
    func ending() {
        let pod = running(record("web", ending: true))

        #expect(PodPlan(pod, eviction: Eviction.because("full. "), now: moment(1)) == PodPlan(pod, now: moment(1)))
    }

    @Test("the event is a warning in the kubelet's words")
    func event() {
        let events = PodEvents(of: record("web").accepted).ended(
            .fail(reason: "Evicted", message: "full. "), .done(ActionDetail()), at: moment(1).wall)

        #expect(events.map { "\($0.type.rawValue) \($0.reason) \($0.message)" } == ["Warning Evicted full. "])
    }
}
