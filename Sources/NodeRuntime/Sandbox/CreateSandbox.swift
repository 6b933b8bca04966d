import Cgroups
import Linux
import Logging
import Manifests
import PodModel
import PodNetwork
import SupervisorCore

/// Making a Pod's sandbox: address, cgroups, supervisor, namespaces with pause, link.
///
/// Nothing of it is done twice: what an interrupted call left is found by its name, which follows from the Pod.
extension NodeRuntime {
    /// How long pause may take to come to life.
    private static let birthLimit = Duration.seconds(30)
    /// Size of the Pod's /dev/shm in bytes (containerd's default).
    private static let sharedMemorySize: UInt64 = 64 << 20

    func createSandbox(_ uid: PodUID, attempt: Int) async throws -> ActionDetail {
        let record = try records.known(uid)
        let id = SandboxID("\(uid)-\(attempt)")
        try requireHostname(record.accepted.pod.effectiveHostname)
        let isOnHostNetwork = record.accepted.pod.isOnHostNetwork
        let host = hostAddress()
        guard let address = try isOnHostNetwork ? host : addresses.take(for: uid, linked: linkedAddresses)
        else {
            throw ActionFailure(
                reason: "FailedCreatePodSandBox",
                message: "no address is free in \(network.subnet): choose a larger --pod-cidr, or run fewer Pods")
        }
        let ports = record.publishedPorts(at: address)
        if !ports.isEmpty { try await onOwnThread { try Self.requireFree(ports) } }
        let missing: Set<Controller>
        let resolver: ResolverFile
        do {
            resolver = try ResolverFile(of: record.accepted.pod)
            try await clearOther(than: id, of: uid)
            async let found = supervisor(of: uid)
            // Beside the supervisor's start.
            missing = try cgroups.makePod(
                uid.text, in: QoSClass(record.accepted.pod.spec).tier,
                limits: PodLimits(record.accepted.pod, processes: podPidsLimit).pod)
            let seat = CgroupSeat(try cgroups.makeContainer(pod: uid.text, id: "pause"))
            let request = sandboxRequest(
                id, of: record, users: try await users(of: record), roles: seat.descriptors.map(\.role))
            let supervisor = try await found
            try supervisor.requireNamespaces(of: request)
            async let sandbox = supervisor.createSandbox(request, descriptors: seat.descriptors.map(\.number))
            // Beside the clone.
            var files = try podFiles(of: record, at: address.description)
            files.resolver = resolver
            try files.write(to: paths.etc(of: uid))
            let descriptors = try await sandbox.descriptors
            if !isOnHostNetwork { try await attach(descriptors, address, of: uid) }
            if !ports.isEmpty { try await publish(ports, of: uid) }
        } catch let error as ActionFailure {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ActionFailure(
                reason: "FailedCreatePodSandBox", message: "the Pod's sandbox could not be made: \(error)")
        }
        spares.refill()
        tierShares.refresh()
        let now = WallTime.now()
        let node = NodePlace(name: nodeName, address: host.description, allocatable: allocatable)
        try await records.change(uid) { [bootID] record in
            record.bootID = bootID
            record.startTime = record.startTime ?? now
            record.address = address.description
            record.stopDeadline = nil
            record.sandbox = SandboxRecord(
                id: id, attempt: attempt, createdAt: now, node: node, address: address.description)
        }
        let published = ports.isEmpty ? nil : "hostPort \(ports.map(\.port.description).joined(separator: ", "))"
        let warnings = record.accepted.clusterNameWarnings + resolver.warnings
        return ActionDetail(
            ["address \(address)", published, missing.sentence(about: "the Pod")].compactMap { $0 }
                .joined(separator: "; "), warnings: warnings.isEmpty ? nil : warnings)
    }

    /// The kernel takes no longer ones.
    private func requireHostname(_ name: String) throws(ActionFailure) {
        guard name.utf8.count > 64 else { return }
        throw ActionFailure(
            reason: "FailedCreatePodSandBox",
            message: "failed to construct FQDN from Pod hostname and cluster domain, FQDN \(name) is too long "
                + "(64 is the max, \(name.utf8.count) characters requested)")
    }

    private func linkedAddresses() throws -> Set<IPv4Address> {
        Set(try network.links(host: NetlinkSocket()).map(\.address))
    }

    /// The Pod's own files, but for its resolver.
    func podFiles(of record: PodRecord, at address: String) throws -> PodFiles {
        let pod = record.accepted.pod
        return PodFiles(
            hostname: pod.isOnHostNetwork ? nodeHostname() : pod.effectiveHostname,
            name: (pod.shortHostname, pod.hostDomain), address: address, aliases: pod.spec.hostAliases,
            nodeHosts: pod.isOnHostNetwork ? try nodeHosts() : nil, namespace: pod.metadata.namespace)
    }

    private func sandboxRequest(
        _ id: SandboxID, of record: PodRecord, users: UserRange?, roles: [UInt8]
    ) -> SandboxRequest {
        let (uid, pod) = (record.uid, record.accepted.pod)
        var request = SandboxRequest()
        request.id = Array(id.text.utf8)
        request.hostname = Array(pod.effectiveHostname.utf8)
        request.namespaces = pod.spec.namespaces.mask
        if let users { (request.firstUser, request.userCount) = (users.first, UserRange.count) }
        request.parameters = (pod.spec.securityContext?.sysctls ?? []).map { Array("\($0.path)=\($0.value)".utf8) }
        request.pause = Array(executables.pause.utf8)
        request.sharedMemory = Array(paths.sharedMemory(of: uid).utf8)
        request.sharedMemorySize = Self.sharedMemorySize
        request.deadlineMilliseconds = UInt64(Self.birthLimit.components.seconds) * 1000
        request.roles = roles
        return request
    }

    /// Ends what another attempt left, also processes that outlived their supervisor.
    private func clearOther(than id: SandboxID, of uid: PodUID) async throws {
        if !isDirectory(paths.run(of: uid)) { return }
        let isUsable = try await connections.ask(uid) { supervisor in
            let sandbox = try await supervisor.currentState().first { $0.kind == StateEntry.sandbox }
            return sandbox.map { $0.id.elementsEqual(id.text.utf8) && $0.phase != .exited } ?? true
        }
        if isUsable != true { try await clear(uid) }
    }

    /// The Pod's supervisor, started if there is none.
    private func supervisor(of uid: PodUID) async throws -> Supervisor {
        let directory = paths.run(of: uid)
        if isDirectory(directory) || spares.take(for: directory),
            let supervisor = try await connections.supervisor(of: uid)
        {
            return supervisor
        }
        try makeDirectory(directory)
        try await SupervisorLauncher(executable: executables.supervisor).launch(
            in: directory, cgroup: supervisorSeat.unified, tasks: supervisorSeat.tasks)
        guard let supervisor = try await connections.supervisor(of: uid) else {
            throw SupervisorError.gone(directory: paths.run(of: uid))
        }
        return supervisor
    }

    /// Connects a Pod's network namespace to the bridge.
    func attach(_ descriptors: DescriptorBag, _ address: IPv4Address, of uid: PodUID) async throws {
        try await onOwnThread { [network, paths] in
            guard let namespace = descriptors.take(0), let socket = descriptors.take(1) else {
                throw SupervisorError.notStarted(
                    directory: paths.run(of: uid), reason: "its network namespace did not come along")
            }
            let host = try NetlinkSocket()
            let inside = try NetlinkSocket(adopting: socket)
            do throws(PodNetworkError) {
                _ = try network.attach(
                    podKey: uid.text, podNamespace: namespace, inside: inside, host: host, address: address)
            } catch {
                guard case .noBridge = error else { throw error }
                // Deleted by others a moment ago.
                try network.prepare(host: host)
                _ = try network.attach(
                    podKey: uid.text, podNamespace: namespace, inside: inside, host: host, address: address)
            }
        }
    }
}
