import Cgroups
import ImageStore
import Linux
import Logging
import PodModel
import PodNetwork
import SupervisorCore

/// The built-in runtime: sandboxes and containers made of the kernel's own parts, one supervisor per Pod.
///
/// Everything that lives is asked of supervisors and the kernel, everything that was is in the records; this value
/// remembers nothing that its successor could not find again.
public final class NodeRuntime: PodRuntime {
    let paths: NodePaths
    let bootID: BootID
    let images: ImageStore
    let cgroups: CgroupTree
    let network: NodeNetwork
    let executables: NodeConfiguration.Executables
    let records: PodRecordStore
    let addresses: AddressBook
    let networkWatch: NetworkWatch
    let connections: SupervisorConnections
    /// Where supervisors live, outside their Pods' limits.
    let supervisorSeat: CgroupSeat
    /// Supervisors for the next Pods.
    let spares: SpareSupervisors
    let reports: RuntimeEvents
    let log: Logger
    /// How many supervisors are started ahead: one for the next Pod, and one for the Pod that comes while the first is
    /// replaced.
    private static let spareSupervisors = 2
    /// Held as long as this value lives.
    private let claim: NodeClaim

    /// The records that were set aside at the start because they could not be read; each is logged too.
    public let damagedRecords: [DamagedRecord]

    /// What happens without being asked for. One consumer.
    public var events: AsyncStream<RuntimeEvent> { reports.stream }

    /// Prepares the node (run directory, cgroup parent, bridge), and takes over the Pods that live: after this, all
    /// that is left of Pods without a record is gone, and every supervisor is heard.
    ///
    /// To be called in the node's network namespace: the Pods' links lead to the one of the calling process.
    ///
    /// - Parameters:
    ///   - claim: the right to the state directory.
    ///   - poller: the process's one, if it has one already.
    /// - Throws: what the rooms throw; each says what is in the way and what to do.
    public static func start(
        _ claim: NodeClaim, _ configuration: NodeConfiguration, images: ImageStore, poller: Poller? = nil, log: Logger
    ) async throws -> NodeRuntime {
        let poller = try poller ?? Poller()
        let runtime = try await onOwnThread {
            try NodeRuntime(preparing: claim, configuration, images: images, poller: poller, log: log)
        }
        try await runtime.adopt()
        runtime.spares.refill()
        return runtime
    }

    /// Blocks.
    private init(
        preparing claim: NodeClaim, _ configuration: NodeConfiguration, images: ImageStore, poller: Poller, log: Logger
    ) throws {
        self.claim = claim
        self.images = images
        self.log = log
        paths = claim.paths
        bootID = try RunDirectory.currentBoot()
        cgroups = try CgroupTree.detect(parent: configuration.cgroupParent, instance: claim.instance)
        network = try NodeNetwork(
            bridge: configuration.bridge, subnet: configuration.podSubnet, instance: claim.instance)
        // Everything is looked at before anything is made: a refusal leaves nothing behind.
        try cgroups.refuseForeignParents()
        try network.refuseForeignNetworks(host: NetlinkSocket())

        try RunDirectory(paths: paths, bootID: bootID).prepare()
        executables = try configuration.executables.copied(below: [paths.runDirectory, paths.stateDirectory])
        if try cgroups.prepare() != .trusted {
            log.warning("cgroup parent carries a mark that others can forge", metadata: ["parent": "\(cgroups.parent)"])
        }
        supervisorSeat = CgroupSeat(try cgroups.supervisors())
        try SupervisorProcess(directory: paths.spares).killBelow(among: cgroups)
        try removeTree(paths.spares)
        spares = SpareSupervisors(
            in: paths.spares, wanted: Self.spareSupervisors,
            launcher: SupervisorLauncher(executable: executables.supervisor), seat: supervisorSeat, log: log)
        try network.prepare(host: NetlinkSocket())
        networkWatch = try NetworkWatch()

        let (store, findings) = try PodRecordStore.open(paths.podStates)
        records = store
        damagedRecords = findings.damaged
        for damage in findings.damaged {
            log.error("pod record damaged", metadata: ["pod": "\(damage.uid)", "error": "\(damage)"])
        }
        for uid in findings.leftovers { try removeTree(paths.state(of: uid)) }
        addresses = AddressBook(network.pool)
        let reports = RuntimeEvents()
        self.reports = reports
        connections = SupervisorConnections(paths: paths, poller: poller) { reports.hear($0, from: $1) }
        try networkWatch.begin(poller, of: network) { [store, bootID] key in
            store.record(of: PodUID(key))?.expectsLink(in: bootID) ?? false
        } suspect: {
            reports.askForSweep()
        }
    }

    // MARK: What lives

    /// Every Pod of this node. One whose supervisor does not answer is told by its record.
    public func observe() async throws -> [ObservedPod] {
        await mendNetwork()
        return try await withThrowingTaskGroup { group in
            for record in records.all {
                group.addTask {
                    do {
                        return ObservedPod(record, try await self.evidence(of: record.uid), bootID: self.bootID)
                    } catch let error as SupervisorError {
                        self.log.warning(
                            "supervisor does not answer", metadata: ["pod": "\(record.uid)", "error": "\(error)"])
                        return ObservedPod(unanswered: record)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// One Pod; nil once it is removed.
    public func observe(_ uid: PodUID) async throws -> ObservedPod? {
        guard records.record(of: uid) != nil else { return nil }
        let evidence = try await evidence(of: uid)
        // The record is read last: it may have been written while the supervisor was asked.
        return records.record(of: uid).map { ObservedPod($0, evidence, bootID: bootID) }
    }

    private func evidence(of uid: PodUID) async throws -> PodEvidence {
        do {
            if let state = try await connections.ask(uid, { try await $0.currentState() }) {
                return PodEvidence(hasRunDirectory: true, supervisor: state)
            }
        } catch SupervisorError.silent(let directory, let request, let limit) {
            guard isOverdue(uid) else {
                throw SupervisorError.silent(directory: directory, request: request, after: limit)
            }
            try await endUnasked(uid)
        }
        return try .withoutSupervisor(in: paths.run(of: uid))
    }

    /// Whether a Pod was to have ended by now: then nobody's answer is waited for any more.
    private func isOverdue(_ uid: PodUID) -> Bool {
        guard let deletion = records.record(of: uid)?.deletion else { return false }
        return deletion.deadline <= BootTime.now()
    }

    // MARK: What was

    /// Writes the records of new Pods, durably, as one batch. Known UIDs are left as they are.
    public func register(_ pods: [AcceptedPod]) async throws {
        try await records.add(pods.map { PodRecord(accepted: $0, bootID: bootID) })
    }

    /// Takes over manifests that need no new Pods into the records.
    public func update(_ pods: [AcceptedPod]) async throws {
        for pod in pods { try await records.change(pod.uid) { $0.takeOver(pod) } }
    }

    /// Writes, durably, as one batch, that Pods are to end. A deletion already recorded stays.
    public func markDeleted(_ pods: [PodUID: DeletionRecord]) async throws {
        try await records.change(pods.keys.sorted()) { record in
            record.deletion = record.deletion ?? pods[record.uid]
        }
    }

    // MARK: Actions

    /// Carries out one action.
    ///
    /// - Throws: `ActionFailure`, or an error whose description is a sentence for the user.
    public func perform(_ action: PodAction, on uid: PodUID) async throws -> ActionDetail {
        switch action {
        case .createSandbox(let attempt): return try await createSandbox(uid, attempt: attempt)
        case .startContainer(let name, let attempt, let backoff):
            return try await startContainer(uid, name, attempt: attempt, backoff: backoff)
        case .stopContainer(let name, let id, let grace, let reason):
            return try await stopContainer(uid, name, id, grace: grace, reason: reason)
        case .resizeContainer(let name, _):
            throw ActionFailure(
                reason: "ResizeError",
                message: "cpu and memory of container \(name) cannot be changed while it runs: "
                    + "delete the Pod, or change its image with them, to start it with the new ones")
        case .stopSandbox: return try await stopSandbox(uid)
        case .commitExit(let exit, let container): return try await commitExit(exit, of: container, uid)
        case .finish(let phase):
            try await records.change(uid, durably: true) { $0.finalPhase = $0.finalPhase ?? phase }
            return ActionDetail(phase.rawValue)
        case .remove: return try await remove(uid)
        }
    }
}
