import Cgroups
import Glibc
import ImageStore
import Linux
import Logging
import Manifests
import PodModel
import Seccomp
import SupervisorCore

/// Starting one attempt of a container.
extension NodeRuntime {
    /// How long a container may take to become its process.
    private static let birthLimit = Duration.seconds(60)

    func startContainer(_ uid: PodUID, _ name: String, attempt: Int, backoff: Backoff?) async throws -> ActionDetail {
        let record = try records.known(uid)
        let started = record.accepted
        guard let container = record.accepted.pod.spec.container(name) else {
            throw NodeRuntimeError.noContainer(name: name, pod: record.accepted.name)
        }
        guard let supervisor = try await connections.supervisor(of: uid) else {
            throw SupervisorError.gone(directory: paths.run(of: uid))
        }
        let id = record.containers[name]?.unborn(attempt) ?? ContainerID(randomHexadecimal(digits: 64))
        let image: StoredImage
        let mounted: [String: StoredImage]
        let request: StartRequest
        let files: AttemptFiles?
        do {
            image = try ContainerImage.find(container.image, in: images, under: imageSupply.trust)
            mounted = try ContainerImage.volumes(
                of: container, in: started.pod.spec, from: images, under: imageSupply.trust)
            files = try await attemptFiles(container, attempt, id, record, supervisor)
            request = try startRequest(container, of: record, id, image, mounted, files)
            try supervisor.requireNodesOwn(request.steps)
            try container.requireStreams(of: supervisor.features)
            try supervisor.requireImages(request.steps)
            if files != nil { try await checkLinks(to: container, of: record) }
        } catch {
            throw try await heldUp(error, uid, name)
        }
        try await records.change(uid) { record in
            // What lives already was started from what was noted then.
            let known = record.containers[name]
            let definition = files == nil ? known?.definition : started.written(container: name)
            let environment = files == nil ? known?.environment : started.sources?.environments[name]
            record.containers[name, default: ContainerRecord()]
                .begin(id, attempt, image, mounted, backoff, definition, environment)
            record.containers[name]?.sandbox = record.sandbox?.id
        }
        let pulled = imageSupply.pulled(container.image, for: container, of: uid)
        imageSupply.spend(container, of: uid)
        let born = try await birth(of: container, request, files, on: supervisor, uid, id)
        linkLogs([(record, [name: ContainerRecord(id: id, attempt: attempt)])])
        if born.detail.startError == nil { beginProbes(of: container, uid) }
        removeEarlierAttempts(of: name, before: attempt, record)
        let told =
            [born.detail.message] + born.notices + [
                files?.shortcoming, supervisor.securityShortcoming,
                OwnCapabilities.shortcoming(container.securityContext?.capabilities?.add ?? []),
            ]
        return ActionDetail(
            told.compactMap { $0 }.joined(separator: "; "), startError: born.detail.startError, pulled: pulled)
    }

    /// The attempt's files; nil when its process lives already, started by a call that was cut short.
    private func attemptFiles(
        _ container: Container, _ attempt: Int, _ id: ContainerID, _ record: PodRecord, _ supervisor: Supervisor
    ) async throws -> AttemptFiles? {
        let isRepeated = record.containers[container.name]?.unborn(attempt) != nil
        if isRepeated, try await supervisor.currentState().contains(where: { $0.id.elementsEqual(id.text.utf8) }) {
            return nil
        }
        let limits = PodLimits(record.accepted.pod, processes: podPidsLimit)
        // What the container may use can have changed since the sandbox was made.
        try cgroups.apply(limits.pod, pod: record.uid.text)
        // What another container wrote into it ends here (kubelet: `ensureHostsFile`, before each container).
        if let address = record.address {
            try podFiles(of: record, at: address).writeHosts(to: paths.etc(of: record.uid))
        }
        return try AttemptFiles(
            container.name, attempt: attempt, of: record.accepted.name, record.uid, paths: paths, cgroups: cgroups,
            limits: limits.containers[container.name],
            devices: container.securityContext?.privileged == true ? nil : devices, users: record.ownUsers,
            rotation: logRotation)
    }

    private func startRequest(
        _ container: Container, of record: PodRecord, _ id: ContainerID, _ image: StoredImage,
        _ mounted: [String: StoredImage], _ files: AttemptFiles?
    ) throws(ActionFailure) -> StartRequest {
        var request = StartRequest()
        request.container = Array(id.text.utf8)
        let plan = try StartPlan(
            container, of: record.accepted.pod, image: image.config,
            sources: VariableSources(of: record, objects: objects, allocatable: allocatable))
        try plan.security.requireNonRoot(
            imageUser: image.config.user, pod: record.accepted.longName, container: container.name)
        request.process = plan.process
        request.process.terminal = container.tty
        request.input = container.standardInput
        if let filter = try seccomp.filter(of: plan.security) {
            request.process.seccompFilter = filter.program
            request.process.seccompFlags = filter.flags
        }
        request.root = RootPlan(layers: image.layers, upper: files?.upper ?? "", work: files?.work ?? "")
        request.root.readOnly = plan.security.isRootReadOnly
        request.steps = ContainerMounts.steps(
            sharedMemory: record.accepted.pod.spec.namespaces.hostIPC == true
                ? "/dev/shm" : paths.sharedMemory(of: record.uid),
            etc: paths.etc(of: record.uid), account: account(of: record),
            devices: plan.security.isPrivileged ? NodeDevice.all() : nil,
            isUnmasked: container.securityContext?.procMount == .unmasked, root: record.ownUsers?.first,
            isRootReadOnly: plan.security.isRootReadOnly,
            volumes: try VolumeSteps(
                pod: record.accepted.pod, uid: record.uid, paths: paths, hostPaths: hostPaths,
                images: mounted.mapValues(\.layers)
            ).steps(of: container, variables: plan.variables))
        if let file = files?.terminationLog {
            request.steps.append(ContainerMounts.terminationLog(file, at: container.terminationMessagePath))
        }
        try NodesOwnPlaces.requireNone(of: request.steps)
        request.deadlineMilliseconds = UInt64(Self.birthLimit.components.seconds) * 1000
        request.roles = files?.descriptors.map(\.role) ?? []
        request.log = files?.logPlan
        return request
    }

    /// Where a container finds whom it acts for; nil when it is not to, or an older release made the sandbox.
    private func account(of record: PodRecord) -> String? {
        let directory = "\(paths.etc(of: record.uid))/\(PodFiles.account)"
        if record.accepted.pod.spec.automountServiceAccountToken == false || !isDirectory(directory) { return nil }
        return directory
    }

    /// Waits for the process. One that could not come to be is an exit of this attempt, not a failure of the action.
    private func birth(
        of container: Container, _ request: StartRequest, _ files: AttemptFiles?, on supervisor: Supervisor,
        _ uid: PodUID, _ id: ContainerID
    ) async throws -> (detail: ActionDetail, notices: [String]) {
        let name = container.name
        do {
            let numbers = files?.descriptors.map(\.number) ?? []
            let started = try await supervisor.start(request, descriptors: numbers)
            withExtendedLifetime(files) {}
            let instant =
                started.startedAt == 0 ? WallTime.now() : WallTime(nanoseconds: Int64(clamping: started.startedAt))
            try await records.change(uid) { $0.containers[name]?.startedAt = instant }
            return (ActionDetail("process \(started.pid)"), started.notices.map(\.notice))
        } catch SupervisorError.failed(let failure) where failure.isOfBirth {
            if let cause = failure.creationFailure(of: container, request) {
                // What is found out before there is a container is no end of one.
                _ = try await connections.ask(uid) { try await $0.acknowledge(container: id.text) }
                log.info(
                    "container not created",
                    metadata: ["pod": "\(uid)", "container": "\(name)", "error": "\(failure.sentence)"])
                throw try await heldUp(cause, uid, name)
            }
            let exit = ContainerExit(id, failedBy: failure, bootID: bootID)
            _ = try await commitExit(exit, of: name, uid)
            return (ActionDetail("\(exit.reason.rawValue): \(failure.sentence)", startError: failure.sentence), [])
        }
    }

    /// Writes why a container cannot even be created, and returns the failure to be thrown.
    private func heldUp(_ error: any Error, _ uid: PodUID, _ name: String) async throws -> any Error {
        if error is CancellationError || error is SupervisorError { return error }
        let failure =
            error as? ActionFailure ?? ActionFailure(reason: "CreateContainerError", message: "\(error)")
        let waiting = WaitingReason(reason: failure.reason, message: failure.message)
        try await records.change(uid) { $0.containers[name, default: ContainerRecord()].waiting = waiting }
        return failure
    }

    /// Nobody reads the files of attempts that have ended; of their logs the last one stays (`logs --previous`).
    private func removeEarlierAttempts(of name: String, before attempt: Int, _ record: PodRecord) {
        if attempt == 0 { return }
        let layers = paths.layers(of: name, in: record.uid)
        let logs = "\(paths.logs(of: record.accepted.name, record.uid))/\(name)"
        inBackground("earlier attempts", of: record.uid) { [paths] in
            for other in try names(in: layers) {
                guard let number = Int(other), number < attempt else { continue }
                do throws(SystemError) { try removeTree("\(layers)/\(other)") } catch {
                    // The whole Pod is being removed meanwhile.
                    if error.code != ENOENT { throw error }
                }
            }
            for other in try names(in: logs) {
                // `3.log`, and what was rotated of it.
                guard let number = other.split(separator: ".").first.flatMap({ Int($0) }), number < attempt - 1 else {
                    continue
                }
                try removeTree("\(logs)/\(other)")
            }
            try LogLinks(paths: paths).removeDead(of: name, in: record.accepted.name)
        }
    }
}

extension PodRecord {
    /// The Pod's own users, if it is to have any.
    var ownUsers: UserRange? { accepted.pod.spec.namespaces.hostUsers == false ? users : nil }
}

extension ContainerRecord {
    /// The instance of an attempt that was begun and of which nothing more is known.
    fileprivate func unborn(_ attempt: Int) -> ContainerID? {
        self.attempt == attempt && lastExit == nil ? id : nil
    }

    /// Takes in a new instance; begun again it stays the same.
    fileprivate mutating func begin(
        _ id: ContainerID, _ attempt: Int, _ image: StoredImage, _ mounted: [String: StoredImage], _ backoff: Backoff?,
        _ definition: JSONValue?, _ environment: PodModel.Digest?
    ) {
        if self.id != id {
            previousExit = lastExit ?? previousExit
            lastExit = nil
            startedAt = nil
            self.id = id
        }
        self.attempt = attempt
        self.image = image.reference.description
        imageID = image.imageID.description
        volumeImages = mounted.isEmpty ? nil : mounted.mapValues(\.imageID.description)
        waiting = nil
        if probes?.record.id != id { probes = nil }
        if postStart?.id != id { postStart = nil }
        self.backoff = backoff
        self.definition = definition
        self.environment = environment
    }
}
