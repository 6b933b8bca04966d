import Cgroups
import ImageStore
import Linux
import Logging
import PodModel
import PodNetwork
import SupervisorCore
import Synchronization

/// The built-in runtime: sandboxes and containers made of the kernel's own parts, one supervisor per Pod.
///
/// Everything that lives is asked of supervisors and the kernel, everything that was is in the records; this value
/// remembers nothing that its successor could not find again.
public final class NodeRuntime: PodRuntime {
    let paths: NodePaths
    let bootID: BootID
    let images: ImageStore
    let imageSupply: ImageSupply
    let cgroups: CgroupTree
    let network: NodeNetwork
    let executables: NodeConfiguration.Executables
    let records: PodRecordStore
    let addresses: AddressBook
    let userRanges: UserRanges
    let networkWatch: NetworkWatch
    /// Nil where the kernel has no packet filter.
    let hostPorts: HostPorts?
    let connections: SupervisorConnections
    /// Where supervisors live, outside their Pods' limits.
    let supervisorSeat: CgroupSeat
    /// Supervisors for the next Pods.
    let spares: SpareSupervisors
    /// What Burstable Pods weigh together.
    let tierShares: TierShares
    let seccomp: SeccompProfiles
    let devices = DeviceFilter()
    let reports: RuntimeEvents
    let silences: Silences
    /// The Pods that an earlier agent left, until their supervisors have answered this one.
    let untaken = Mutex<Set<PodUID>>([])
    let nodeName: String
    let allocatable: NodeAllocatable
    let probes: NodeProbes
    let hooks: LifecycleHooks
    let hostPaths: HostPathPolicy
    let podPidsLimit: Int
    let logRotation: LogRotation
    let removedLogs: RemovedLogs
    /// What Pods may use.
    private let configuration = SuppliedObjects()
    let logCollection: LogCollection
    let logPackers: LogPackers
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
    ///   - sources: where images come from that are not there.
    ///   - poller: the process's one, if it has one already.
    /// - Throws: what the rooms throw; each says what is in the way and what to do.
    public static func start(
        _ claim: NodeClaim, _ configuration: NodeConfiguration, images: ImageStore,
        from sources: ImageSources = ImageSources(), poller: Poller? = nil, log: Logger
    ) async throws -> NodeRuntime {
        let poller = try poller ?? Poller()
        let runtime = try await onOwnThread {
            try NodeRuntime(
                preparing: claim, configuration, images: images, from: sources, poller: poller, log: log)
        }
        try runtime.watchImages(poller)
        try await runtime.adopt()
        runtime.spares.refill()
        runtime.tierShares.refresh()
        runtime.logCollection.begin()
        try startThread { [seccomp = runtime.seccomp] in seccomp.prepare() }
        try startThread { [executables = runtime.executables, log] in executables.removeEarlier(log) }
        runtime.mendLogLinks()
        return runtime
    }

    /// Blocks.
    private init(
        preparing claim: NodeClaim, _ configuration: NodeConfiguration, images: ImageStore, from sources: ImageSources,
        poller: Poller, log: Logger
    ) throws {
        self.claim = claim
        self.images = images
        imageSupply = ImageSupply(images, from: sources)
        self.log = log
        paths = claim.paths
        seccomp = SeccompProfiles(directory: claim.paths.seccompProfiles)
        bootID = try RunDirectory.currentBoot()
        cgroups = try CgroupTree.detect(parent: configuration.cgroupParent, instance: claim.instance)
        network = try NodeNetwork(
            bridge: configuration.bridge, subnet: configuration.podSubnet, instance: claim.instance)
        // Everything is looked at before anything is made: a refusal leaves nothing behind.
        let runDirectory = RunDirectory(paths: paths, bootID: bootID)
        try runDirectory.refuseForeign(than: claim.instance)
        let intent = ParentIntent(stateDirectory: paths.stateDirectory, parent: cgroups.parent.description)
        let isIntended = try intent.stands()
        try cgroups.refuseForeignParents(adoptingUnmarked: isIntended)
        try network.refuseForeignNetworks(host: NetlinkSocket())

        try runDirectory.prepare(for: claim.instance)
        executables = try configuration.executables.copied(below: [paths.runDirectory, paths.stateDirectory])
        try intent.write()
        if try cgroups.prepare(adoptingUnmarked: isIntended) != .trusted {
            log.warning("cgroup parent carries a mark that others can forge", metadata: ["parent": "\(cgroups.parent)"])
        }
        try intent.fulfil()
        for controller in try cgroups.missingControllers() {
            log.warning(
                "no such cgroup controller: its limits are not in force", metadata: ["controller": "\(controller)"])
        }
        supervisorSeat = CgroupSeat(try cgroups.supervisors())
        try SpareSupervisors.end(below: paths, among: cgroups)
        spares = SpareSupervisors(
            in: paths.spares, wanted: Self.spareSupervisors,
            launcher: SupervisorLauncher(executable: executables.supervisor), seat: supervisorSeat, log: log)
        try network.prepare(host: NetlinkSocket())
        networkWatch = try NetworkWatch()
        Self.prepareForwarding(configuration.turnsForwardingOn, log: log)

        let (store, findings) = try PodRecordStore.open(paths) { error in
            log.error("records of pods are not on the disk yet; tried again", metadata: ["error": "\(error)"])
        }
        records = store
        tierShares = TierShares(cgroups, of: store, log: log)
        damagedRecords = findings.damaged
        for damage in findings.damaged {
            log.error("pod record damaged", metadata: ["pod": "\(damage.uid)", "error": "\(damage)"])
        }
        for name in findings.strays {
            log.warning("not a pod's directory: left alone", metadata: ["path": "\(paths.podStates)/\(name)"])
        }
        for uid in findings.leftovers { try MountsBelow.removeTree(paths.state(of: uid)) }
        addresses = AddressBook(network.pool)
        hostPorts = Self.makeHostPorts(
            PacketFilter(of: network, masquerades: configuration.masquerades), of: store.all, in: paths, bootID,
            networkWatch, log: log)
        userRanges = UserRanges(store.all)
        let reports = RuntimeEvents()
        self.reports = reports
        silences = Silences(limit: configuration.silenceLimit)
        nodeName = configuration.nodeName
        allocatable = configuration.allocatable ?? .wholeMachine
        hostPaths = configuration.hostPaths
        podPidsLimit = configuration.podPidsLimit
        logRotation = configuration.logRotation
        removedLogs = RemovedLogs(paths: claim.paths, retention: configuration.logRetention)
        logCollection = LogCollection(removedLogs, log: log)
        logPackers = LogPackers(claim.paths, log: log)
        connections = SupervisorConnections(paths: paths, poller: poller) { reports.hear($0, from: $1) }
        probes = NodeProbes(
            executor: SupervisedExecutor(connections: connections, events: reports, poller: poller) {
                [store, images, supplied = self.configuration] in
                try Self.probeProcess(in: $0, records: store, images: images, objects: supplied.current)
            }, poller: poller, log: log, hear: ProbeHearing(records: store, events: reports, log: log).take)
        hooks = probes.hooks
        reports.tellEnds { [weak probes] in probes?.end($0) }
        try networkWatch.begin(poller, of: network) { [store, bootID] key in
            store.record(of: PodUID(key))?.expectsLink(in: bootID) ?? false
        } isFilter: { [hostPorts] table, author in
            hostPorts?.isChanged(table, by: author) ?? false
        } suspect: {
            reports.askForSweep()
        }
    }

    // MARK: What lives

    /// Every Pod of this node. One whose supervisor does not answer is told by its record.
    public func observe() async throws -> [ObservedPod] {
        await mendNetwork()
        logCollection.beginHourly()
        logPackers.begin(records.all)
        return try await withThrowingTaskGroup { group in
            for record in records.all {
                group.addTask {
                    do {
                        let evidence = try await self.evidence(of: record.uid)
                        return await self.told(ObservedPod(record, evidence, bootID: self.bootID))
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
        if evidence.supervisor != nil { await takeOverLate(uid) }
        // The record is read last: it may have been written while the supervisor was asked.
        guard let record = records.record(of: uid) else { return nil }
        let pod = ObservedPod(record, evidence, bootID: bootID)
        adoptProbes(of: record, running: pod.runningInstances)
        return await told(pod)
    }

    /// What is seen, with what containers that ended left to say, and the images that are to be had.
    private func told(_ pod: ObservedPod) async -> ObservedPod {
        if pod.unwrittenEnds.isEmpty { return withImages(pod) }
        let lastWords = LastWords(paths: paths)
        // Without a thread the ends stay without words, until they are written down.
        return withImages((try? await onOwnThread { lastWords.added(to: pod) }) ?? pod)
    }

    private func evidence(of uid: PodUID) async throws -> PodEvidence {
        do {
            let state = try await connections.ask(uid) { try await $0.currentState() }
            silences.clear(uid)
            if let state { return PodEvidence(hasRunDirectory: true, supervisor: state) }
        } catch SupervisorError.unasked(let directory, let error) {
            // It is this agent that lacks something: the Pod is left alone, and looked at again soon.
            lookAgain(at: uid, in: .seconds(10))
            throw SupervisorError.unasked(directory: directory, error)
        } catch SupervisorError.silent(let directory, let request, let limit) {
            guard try await endsSilence(of: uid) else {
                throw SupervisorError.silent(directory: directory, request: request, after: limit)
            }
        }
        return try .withoutSupervisor(in: paths.run(of: uid))
    }

    /// Ends a supervisor that was silent for too long, or whose Pod was to have ended by now.
    ///
    /// - Returns: whether it was ended.
    private func endsSilence(of uid: PodUID) async throws -> Bool {
        let silence = silences.note(uid, at: .now())
        if silence.isNew { lookAgain(at: uid, in: silences.limit) }
        guard silence.isOver || isOverdue(uid) else { return false }
        try await endUnasked(uid)
        let silent = silences.noteEnded(uid, at: .now())
        log.warning(
            "supervisor did not answer and was ended", metadata: ["pod": "\(uid)", "silent": "\(silent)s"])
        return true
    }

    /// A supervisor that hangs tells nothing: without this nobody would look before the next sweep.
    private func lookAgain(at uid: PodUID, in time: Duration) {
        Task { [reports] in
            try await Task.sleep(for: time)
            reports.suggestLook(at: uid)
        }
    }

    /// Whether a Pod was to have ended by now: then nobody's answer is waited for any more.
    private func isOverdue(_ uid: PodUID) -> Bool {
        guard let deletion = records.record(of: uid)?.deletion else { return false }
        return deletion.deadline <= BootTime.now()
    }

    // MARK: What was

    /// Takes over what Pods may use from now on.
    public func supply(_ objects: ConfigurationObjects) { configuration.replace(by: objects) }

    /// The ConfigMaps and Secrets that were accepted last.
    var objects: ConfigurationObjects { configuration.current }

    /// Writes the records of new Pods, durably, as one batch. Known UIDs are left as they are.
    public func register(_ pods: [AcceptedPod], holding holds: [PodUID: PodHold]) async throws {
        try await records.add(pods.map { PodRecord(accepted: $0, bootID: bootID, hold: holds[$0.uid]) })
    }

    /// Writes down which Pods wait for the node, and why.
    public func hold(_ holds: [PodUID: PodHold?]) async throws {
        for (uid, hold) in holds {
            do { try await records.change(uid) { $0.hold = hold } } catch NodeRuntimeError.unknownPod { continue }
        }
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
        for uid in pods.keys {
            probes.endPod(uid)
            reports.endHooks(of: uid)
        }
    }

    /// Forgets the crash back-off of a Pod's containers.
    public func forgive(_ uid: PodUID) async throws { try await records.change(uid) { $0.forgive() } }

    // MARK: Actions

    /// Carries out one action.
    ///
    /// - Throws: `ActionFailure`, or an error whose description is a sentence for the user.
    public func perform(_ action: PodAction, on uid: PodUID) async throws -> ActionDetail {
        switch action {
        case .createSandbox(let attempt): return try await createSandbox(uid, attempt: attempt)
        case .pullImage(let image, _): return try await pullImage(uid, image)
        case .mountVolumes: return try await mountVolumes(uid)
        case .updateVolumes: return try await updateVolumes(uid)
        case .startContainer(let name, let attempt, let backoff):
            return try await startContainer(uid, name, attempt: attempt, backoff: backoff)
        case .runPostStart(let name, let attempt): return try await runPostStart(uid, name, attempt: attempt)
        case .commitStart(let id, let since, let name):
            try await records.change(uid) { $0.containers[name]?.noteStart(of: id, at: since) }
            return ActionDetail()
        case .beginStop(let deadline, let instances):
            try await records.change(uid) { $0.beginStop(until: deadline, restarting: instances) }
            return ActionDetail()
        case .stopContainer(let name, let id, let grace, let reason, let others):
            return try await stopContainer(uid, name, id, grace: grace, reason: reason, after: others ?? [])
        case .resizeContainer(let name, let id): return try await resizeContainer(uid, name, id)
        case .stopSandbox: return try await stopSandbox(uid)
        case .commitExit(let exit, let container): return try await commitExit(exit, of: container, uid)
        case .finish(let phase): return try await finish(uid, phase)
        case .fail(let reason, let message):
            try await records.change(uid, durably: true) { record in
                let reason = WaitingReason(reason: reason, message: message, since: .now())
                record.end(in: .failed, because: reason, at: .now())
            }
            probes.endPod(uid)
            return ActionDetail(reason)
        case .remove: return try await remove(uid)
        }
    }
}
