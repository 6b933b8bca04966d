import Cgroups
import Glibc
import Linux
import Manifests
import PodModel
import SupervisorCore

/// Making a Pod's volumes, and writing their files anew.
extension NodeRuntime {
    /// Makes all of them for the newest sandbox. Repeated, it finds what is there.
    func mountVolumes(_ uid: PodUID) async throws -> ActionDetail {
        let record = try records.known(uid)
        guard let sandbox = record.sandbox?.id else { throw NodeRuntimeError.unknownPod(uid) }
        // Read before the objects: what is noted may be older than what is written, never newer.
        let wanted = record.accepted.sources?.volumes ?? [:]
        for volume in record.accepted.pod.spec.volumes { try await make(volume, of: record) }
        try await records.change(uid) { $0.volumes = VolumesRecord(sandbox: sandbox, contents: wanted) }
        return ActionDetail()
    }

    /// Writes the files of volumes anew whose sources changed.
    func updateVolumes(_ uid: PodUID) async throws -> ActionDetail {
        let record = try records.known(uid)
        guard let sandbox = record.sandbox?.id, let known = record.volumes?.contents else { return ActionDetail() }
        let wanted = record.accepted.sources?.volumes ?? [:]
        let outdated = record.accepted.pod.spec.volumes.filter { volume in
            wanted[volume.name].map { $0 != known[volume.name] } ?? false
        }
        for volume in outdated { try await make(volume, of: record) }
        let contents = known.merging(wanted) { $1 }
        try await records.change(uid) { $0.volumes = VolumesRecord(sandbox: sandbox, contents: contents) }
        return ActionDetail(outdated.map(\.name).joined(separator: ", "))
    }

    /// Looks again at the way to what a container mounts of the node: whom it leads through may have changed it meanwhile.
    func checkLinks(to container: Container, of record: PodRecord) async throws {
        for volume in record.accepted.pod.spec.volumes {
            guard let path = volume.hostPath, container.volumeMounts.contains(where: { $0.name == volume.name })
            else { continue }
            let grant = try hostPaths.grant(path.path, to: record.accepted.name)
            if grant.steps.first?.followsLinks == false { try await onOwnThread { try path.checkLinks(grant) } }
        }
    }

    private func make(_ volume: Volume, of record: PodRecord) async throws {
        let spec = record.accepted.pod.spec
        do {
            if volume.isInMemory || volume.isOfFiles || volume.image != nil, spec.isMountedIn(volume) {
                throw ActionFailure(
                    reason: "FailedMount",
                    message:
                        "the node does not see it, so nothing that is mounted in it can reach the node: use another "
                        + "mountPropagation than Bidirectional")
            }
            if spec.namespaces.hostUsers == false, spec.isMountedIn(volume) {
                throw ActionFailure(
                    reason: "FailedMount",
                    message:
                        "what users of the Pod's own mount cannot reach the node: use another mountPropagation than "
                        + "Bidirectional, or no hostUsers: false")
            }
            // Each container that mounts an image does so by itself.
            if volume.image != nil { return }
            if volume.isOfFiles { return try await writeFiles(of: volume, record) }
            if volume.isInMemory { return try await mountMemory(volume, record) }
            let place = try paths.place(
                of: volume, in: record.accepted.name, record.uid, hostPaths: hostPaths)
            if let path = volume.hostPath {
                // Nothing is asked of what nobody mounts (kubelet).
                if !spec.mounts(volume) { return }
                let grant = try hostPaths.grant(path.path, to: record.accepted.name)
                let isMountedIn = spec.isMountedIn(volume)
                return try await onOwnThread {
                    try path.check(grant)
                    if isMountedIn { try SharedMount().require(place) }
                }
            }
            // Everybody in the Pod may write there (kubelet).
            let parent = volume.emptyDir == nil ? "\(paths.stateDirectory)/claims" : paths.volumes(of: record.uid)
            let (owner, keeps) = (spec.ownership(of: volume), spec.leavesAlone(volume))
            let isMountedIn = spec.isMountedIn(volume)
            try await onOwnThread {
                try makeDirectory(parent)
                try makeDirectory(place.source, mode: 0o777)
                if isMountedIn { try SharedMount().require(place) }
                guard let owner else { return }
                let directory = try Descriptor.open(place.source, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                if keeps, try !owner.isWanted(for: directory) { return }
                try owner.apply(to: directory)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let message = (error as? ActionFailure)?.message ?? "\(error)"
            throw ActionFailure(
                reason: "FailedMount", message: "MountVolume.SetUp failed for volume \"\(volume.name)\" : \(message)")
        }
    }

    private func writeFiles(of volume: Volume, _ record: PodRecord) async throws {
        let sources = VariableSources(of: record, objects: objects, allocatable: allocatable)
        let pod = record.accepted.pod
        guard
            let contents = try VolumeContents(
                of: volume, in: pod, record.uid, from: sources.objects,
                resource: { sources.value(of: $0, in: pod) ?? "" })
        else { return }
        let writer = VolumeFilesWriter(
            version: "..\(WallTime.now().nanoseconds)", owner: pod.spec.ownership(of: volume))
        let bag = volume.isInMemory ? try await memory(of: volume, record, options: ["mode=755"]) : nil
        let parent = paths.volumes(of: record.uid)
        let path = "\(parent)/\(volume.name)"
        try await onOwnThread {
            if let directory = bag?.take(0) { return try writer.write(contents.files, below: directory) }
            try makeDirectory(parent)
            try makeDirectory(path, mode: 0o755)
            try writer.write(
                contents.files, below: Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
        }
    }

    private func mountMemory(_ volume: Volume, _ record: PodRecord) async throws {
        let limits = PodLimits(record.accepted.pod, processes: podPidsLimit)
        let size = volume.memorySize(within: limits.pod, on: record.sandbox?.node?.allocatable ?? allocatable)
        let bag = try await memory(of: volume, record, options: ["mode=777"] + (size.map { ["size=\($0)"] } ?? []))
        guard let owner = record.accepted.pod.spec.ownership(of: volume) else { return }
        try await onOwnThread { if let directory = bag.take(0) { try owner.apply(to: directory) } }
    }

    /// The directory of a volume in memory, mounted by the Pod's supervisor where nobody else sees it.
    private func memory(of volume: Volume, _ record: PodRecord, options: [String]) async throws -> DescriptorBag {
        let directory = paths.memoryVolumes(of: record.uid)
        try makeDirectory(directory)
        let bag = try await connections.ask(record.uid) {
            try await $0.mount(unswappedOn: "\(directory)/\(volume.name)", options: options)
        }
        guard let bag else { throw SupervisorError.gone(directory: paths.run(of: record.uid)) }
        return bag
    }
}

extension Supervisor {
    /// Mounts a tmpfs whose pages stay in memory, where the kernel can promise that (Linux 6.3, and no user namespace around
    /// the node): Secrets never reach the disk then, and nothing is lent beyond memory (kubelet).
    fileprivate func mount(unswappedOn target: String, options: [String]) async throws -> DescriptorBag {
        do { return try await mount(tmpfsOn: target, options: options + ["noswap"]) } catch SupervisorError.failed(
            let failure) where failure.error == UInt32(EINVAL)
        {
            return try await mount(tmpfsOn: target, options: options)
        }
    }
}

extension Volume {
    /// How much an `emptyDir` in memory may hold, in bytes: no more than it says, than its Pod may use, and than all Pods may
    /// (kubelet: `calculateEmptyDirMemorySize`). Nil, and so half of the machine's memory, where nothing bounds it.
    func memorySize(within pod: ResourceLimits, on node: NodeAllocatable) -> UInt64? {
        [
            emptyDir?.sizeLimit.map { UInt64(clamping: $0.count) }, pod.memory, UInt64(clamping: node.memory.count),
        ].compactMap { $0 }.filter { $0 > 0 }.min()
    }
}
