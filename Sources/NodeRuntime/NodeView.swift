import ImageStore
import Linux
import PodModel
import SupervisorCore

/// A look at a node from outside its agent: claims nothing, changes nothing, answers whether or not an agent is running.
public struct NodeView: Sendable {
    let paths: NodePaths
    let images: ImageStore
    let poller: Poller
    /// What was accepted last for Pods to use.
    let objects: @Sendable () throws -> ConfigurationObjects
    private let bootID: BootID

    /// A view of a node.
    ///
    /// - Parameter objects: the ConfigMaps and Secrets that Pods may use, for those who join a container.
    /// - Throws: `NodeRuntimeError.noState` when no agent ever worked there.
    public init(
        _ paths: NodePaths, images: ImageStore, poller: Poller? = nil,
        objects: @escaping @Sendable () throws -> ConfigurationObjects = { ConfigurationObjects() }
    ) throws {
        guard isDirectory(paths.podStates) else { throw NodeRuntimeError.noState(directory: paths.stateDirectory) }
        self.paths = paths
        self.images = images
        self.objects = objects
        self.poller = try poller ?? Poller()
        bootID = try RunDirectory.currentBoot()
    }

    /// Every Pod of the node. A record that cannot be read is left out: the agent reports and mends it.
    public func observe() async throws -> [ObservedPod] {
        try await withThrowingTaskGroup { group in
            for name in try names(in: paths.podStates) {
                group.addTask {
                    do { return try await self.observe(PodUID(name)) } catch is DamagedRecord { return nil }
                }
            }
            return try await group.reduce(into: []) { pods, pod in if let pod { pods.append(pod) } }
        }
    }

    /// One Pod; nil when there is none of this UID.
    ///
    /// - Throws: `DamagedRecord` when its record cannot be read.
    public func observe(_ uid: PodUID) async throws -> ObservedPod? {
        try requirePlain(uid.text)
        let file = RecordFile(of: uid, paths)
        guard var record = try file.read() else { return nil }
        while true {
            let pod = try await look(record)
            guard pod.mayBeOfTwoMoments, let newer = try file.read(), newer != record else {
                return LastWords(paths: paths).added(to: pod)
            }
            record = newer
        }
    }

    private func look(_ record: PodRecord) async throws -> ObservedPod {
        do {
            return ObservedPod(record, try await evidence(of: record.uid), bootID: bootID)
        } catch is SupervisorError {
            // One that hangs, ends or cannot be understood is the agent's to mend: who only looks sees the record.
            return ObservedPod(unanswered: record)
        }
    }

    private func evidence(of uid: PodUID) async throws -> PodEvidence {
        let directory = paths.run(of: uid)
        // A run directory of an earlier boot says nothing.
        guard isDirectory(directory), try RunDirectory(paths: paths, bootID: bootID).isOfThisBoot() else {
            return .none
        }
        do {
            let supervisor = try await Supervisor.connect(directory: directory, poller: poller)
            defer { supervisor.disconnect() }
            return PodEvidence(hasRunDirectory: true, supervisor: supervisor.state)
        } catch SupervisorError.gone {
            return try .withoutSupervisor(in: directory)
        }
    }
}
