import ImageStore
import Manifests
import PodModel
import Probes
import SupervisorCore

/// Which containers are probed: those that run and have probes.
extension NodeRuntime {
    /// Probes a container that has just started.
    func beginProbes(of container: Container, _ uid: PodUID) {
        guard let record = records.record(of: uid), let probed = ProbedContainer(container, of: record) else { return }
        probes.begin(probed)
    }

    /// Probes the containers of a Pod that run and are not probed: they ran before the agent did, or nobody could be told
    /// that they came to life.
    ///
    /// - Parameter running: the containers whose processes live.
    func adoptProbes(of record: PodRecord, running: Set<ContainerID>) {
        let adopted = record.accepted.pod.spec.lastingContainers.compactMap { container -> ContainerID? in
            guard container.hasProbes, let newest = record.containers[container.name], let id = newest.id,
                running.contains(id), !probes.knows(id), let probed = ProbedContainer(container, of: record)
            else { return nil }
            probes.adopt(probed, newest.probes?.record)
            return id
        }
        if adopted.isEmpty { return }
        // What was written down meanwhile was told to probes that had not begun.
        let newest = records.record(of: record.uid)
        for id in adopted where newest?.isSettled(id) ?? true { probes.end(id) }
        if newest?.deletion != nil || newest?.finalPhase != nil { probes.endPod(record.uid) }
    }

    /// The Pod is gone.
    func endProbes(of record: PodRecord) {
        for case let id? in record.containers.values.map(\.id) { probes.end(id) }
    }

    /// What a probe's process needs beside its command, as `exec` gives it.
    static func probeProcess(
        in container: ProbedContainer, records: PodRecordStore, images: ImageStore, objects: ConfigurationObjects
    ) throws -> ProcessPlan {
        let record = try records.known(container.pod)
        guard let written = record.accepted.pod.spec.container(container.name) else {
            throw NodeRuntimeError.noContainer(name: container.name, pod: record.accepted.name)
        }
        let image = try record.containers[container.name]?.image.flatMap {
            try images.image(ImageReference(parsing: $0))
        }
        // An image that was removed meanwhile leaves what the manifest says.
        return try StartPlan(
            written, of: record.accepted.pod, image: image?.config ?? ImageConfig(entrypoint: ["-"]),
            sources: VariableSources(of: record, objects: objects, leavesOutMissing: true)
        ).process
    }
}

extension ProbedContainer {
    /// A container's newest instance; nil when it was not born.
    init?(_ container: Container, of record: PodRecord) {
        guard let newest = record.containers[container.name], let id = newest.id, let start = newest.startedAt,
            newest.lastExit == nil
        else { return nil }
        let age = max(.zero, WallTime.now() - start)
        self.init(
            pod: record.uid, name: container.name, id: id, startedAt: BootTime.now() + (.zero - age),
            probes: ContainerProbes(container), address: record.address, ports: container.namedPorts)
    }
}

extension Container {
    /// Whether there is anything to be tried.
    fileprivate var hasProbes: Bool { startupProbe != nil || livenessProbe != nil || readinessProbe != nil }
}
