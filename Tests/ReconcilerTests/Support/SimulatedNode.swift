import Manifests
import PodModel

/// A node made of values: it does what a runtime does, kills what it is told to kill, and notes broken promises.
struct SimulatedNode: Sendable {
    /// One Pod on the node.
    struct Life: Sendable {
        var record: PodRecord
        var sandbox = ObservedSandbox.absent
        var processes: [String: (id: ContainerID, since: WallTime)] = [:]
        var exits: [String: ContainerExit] = [:]
    }

    var now: Moment
    var lives: [PodUID: Life] = [:]
    /// Images that are not there.
    var missingImages: Set<String> = []
    /// Those of them that a registry has.
    var registry: Set<String> = []
    /// Where tags lead in their registries now, of those that moved; nil for one whose blobs cannot be had.
    var movedTags: [String: String?] = [:]
    /// The ids of images on the node; `sha256:1` of those that are not in here.
    private var imageIDs: [String: String] = [:]
    /// What was pulled, in order.
    private(set) var pulls: [String] = []
    /// Images whose command is not in them.
    var brokenImages: Set<String> = []
    /// What containers end with that are asked to stop.
    var codeOfStopped: Int32 = 143
    /// What must never happen, and did.
    private(set) var violations: [String] = []
    private var born = 0

    init(now: Moment = moment(0)) { self.now = now }

    func observe(_ uid: PodUID) -> ObservedPod? {
        lives[uid].map { life in
            var containers = life.exits.mapValues(ObservedContainer.exited)
            for (name, process) in life.processes { containers[name] = .running(id: process.id, since: process.since) }
            let missing = imagesToPull(for: life.record.accepted).filter { life.processes[$0.key] == nil }
            let moved = life.record.accepted.pod.spec.containers.reduce(into: [String: String]()) { moved, container in
                let id = imageIDs[container.image] ?? "sha256:1"
                if let started = life.record.containers[container.name]?.imageID, started != id {
                    moved[container.name] = id
                }
            }
            return ObservedPod(
                record: life.record, sandbox: life.sandbox, containers: containers, imagesToPull: missing,
                movedImages: moved)
        }
    }

    /// By Pod and container that follow them: the images whose tags lead elsewhere in their registries.
    func tagsToPull() -> [AcceptedPod: [String: String]] {
        lives.values.map(\.record.accepted).filter(\.followsTags).reduce(into: [:]) { found, pod in
            for container in pod.pod.spec.containers {
                guard let id = movedTags[container.image], id == nil || id != imageIDs[container.image] else {
                    continue
                }
                found[pod, default: [:]][container.name] = container.image
            }
        }
    }

    func observe() -> [ObservedPod] { lives.keys.sorted().compactMap(observe) }

    func imagesToPull(for pod: AcceptedPod) -> [String: [String]] {
        pod.pod.spec.containers.reduce(into: [:]) { missing, container in
            let images = pod.pod.spec.neededImages(of: container).map(\.image).filter(missingImages.contains)
            if !images.isEmpty { missing[container.name] = images }
        }
    }

    mutating func pull(_ image: String) throws {
        pulls.append(image)
        if let id = movedTags[image] {
            guard let id else { throw ActionFailure(reason: "ErrImagePull", message: "\(image) is cut short") }
            imageIDs[image] = id
        }
        if registry.contains(image) { missingImages.remove(image) }
        guard missingImages.contains(image) else { return }
        throw ActionFailure(reason: "ErrImagePull", message: "image \(image) is in no registry")
    }

    mutating func register(_ pods: [AcceptedPod]) {
        for pod in pods where lives[pod.uid] == nil {
            if lives.values.contains(where: { $0.record.accepted.name == pod.name }) {
                violations.append("two Pods named \(pod.name)")
            }
            lives[pod.uid] = Life(record: PodRecord(accepted: pod, bootID: now.bootID))
        }
    }

    mutating func hold(_ holds: [PodUID: PodHold?]) { for (uid, hold) in holds { lives[uid]?.record.hold = hold } }

    mutating func update(_ pods: [AcceptedPod]) { for pod in pods { lives[pod.uid]?.record.takeOver(pod) } }

    mutating func markDeleted(_ pods: [PodUID: DeletionRecord]) {
        for (uid, deletion) in pods where lives[uid]?.record.deletion == nil { lives[uid]?.record.deletion = deletion }
    }

    mutating func perform(_ action: PodAction, on uid: PodUID) throws {
        guard var life = lives[uid] else { return }
        defer { if action != .remove { lives[uid] = life } }
        switch action {
        case .createSandbox(let attempt): create(attempt, &life)
        case .mountVolumes, .updateVolumes:
            guard let sandbox = life.record.sandbox?.id else { return }
            life.record.volumes = VolumesRecord(
                sandbox: sandbox, contents: life.record.accepted.sources?.volumes ?? [:])
        case .pullImage(let image, let name):
            do { try pull(image) } catch let failure as ActionFailure {
                life.record.containers[name, default: ContainerRecord()].waiting = WaitingReason(
                    reason: failure.reason, message: failure.message)
                throw failure
            }
        case .startContainer(let name, let attempt, let backoff): try start(name, attempt, backoff, &life)
        case .runPostStart(let name, let attempt):
            guard let process = life.processes[name], life.record.containers[name]?.attempt == attempt else { return }
            life.record.containers[name]?.postStart = .done(process.id)
        case .fail(let reason, let message):
            life.record.end(in: .failed, because: WaitingReason(reason: reason, message: message), at: now.boot)
        case .commitStart(let id, let since, let name): life.record.containers[name]?.noteStart(of: id, at: since)
        case .beginStop(let deadline, let instances):
            life.record.beginStop(until: deadline, restarting: instances)
        case .stopContainer(let name, let id, _, _):
            guard life.processes[name]?.id == id else { return }
            end(name, code: codeOfStopped, &life)
        case .resizeContainer(let name, let id):
            guard life.processes[name]?.id == id, let written = life.record.accepted.written(container: name) else {
                return
            }
            life.record.containers[name]?.noteResources(of: written)
        case .stopSandbox:
            for name in life.processes.keys.sorted() { end(name, code: 137, &life) }
            life.sandbox = .absent
            life.record.address = nil
        case .commitExit(let exit, let name):
            life.record.containers[name]?.lastExit = exit
            life.exits[name] = nil
        case .finish(let phase):
            if life.record.finalPhase != nil { violations.append("\(uid) finished twice") }
            life.record.end(in: phase, at: now.boot)
        case .remove:
            if life.sandbox != .absent || !life.processes.isEmpty { violations.append("\(uid) removed alive") }
            lives[uid] = nil
        }
    }

    private mutating func create(_ attempt: Int, _ life: inout Life) {
        if life.sandbox == .ready { violations.append("\(life.record.uid): a second sandbox") }
        if life.record.isUnscheduled { violations.append("\(life.record.uid) was started though it waits") }
        if attempt != (life.record.sandbox.map { $0.attempt + 1 } ?? 0) {
            violations.append("\(life.record.uid): sandbox attempt \(attempt)")
        }
        life.sandbox = .ready
        life.record.stopDeadline = nil
        life.record.sandbox = SandboxRecord(id: SandboxID("s\(attempt)"), attempt: attempt, createdAt: now.wall)
        life.record.bootID = now.bootID
        life.record.startTime = life.record.startTime ?? now.wall
        life.record.address = "10.88.0.7"
    }

    private mutating func start(_ name: String, _ attempt: Int, _ backoff: Backoff?, _ life: inout Life) throws {
        let uid = life.record.uid
        if life.processes[name] != nil { violations.append("\(uid): two instances of \(name)") }
        if life.exits[name] != nil { violations.append("\(uid): an exit of \(name) is lost") }
        if life.record.deletion != nil || life.record.finalPhase != nil { violations.append("\(uid) started again") }
        guard life.sandbox == .ready else { throw ActionFailure(reason: "Failed", message: "no sandbox") }
        var record = life.record.containers[name] ?? ContainerRecord()
        if record.startedAt != nil, attempt != record.attempt + 1 {
            violations.append("\(uid): attempt \(attempt) of \(name) after \(record.attempt)")
        }
        let image = life.record.accepted.pod.spec.containers.first { $0.name == name }?.image ?? ""
        if missingImages.contains(image) { violations.append("\(uid): \(name) started without its image") }
        born += 1
        let id = ContainerID("c\(born)")
        record = ContainerRecord(
            id: id, attempt: attempt, image: image, imageID: imageIDs[image] ?? "sha256:1", startedAt: now.wall,
            previousExit: record.lastExit ?? record.previousExit, backoff: backoff,
            definition: life.record.accepted.written(container: name),
            environment: life.record.accepted.sources?.environments[name], sandbox: life.record.sandbox?.id)
        life.record.containers[name] = record
        life.processes[name] = (id, now.wall)
        if brokenImages.contains(image) { end(name, code: 128, reason: .startError, &life) }
    }

    private func end(_ name: String, code: Int32, reason: TerminationReason? = nil, _ life: inout Life) {
        guard let process = life.processes.removeValue(forKey: name) else { return }
        life.exits[name] = ContainerExit(
            id: process.id, code: code, reason: reason ?? (code == 0 ? .completed : .error), startedAt: process.since,
            finishedAt: now.wall, finishedBoot: now.boot, bootID: now.bootID)
    }

    // MARK: What happens without being asked for

    /// A container's process ends by itself.
    mutating func exit(_ name: String, of uid: PodUID, code: Int32) {
        guard var life = lives[uid] else { return }
        end(name, code: code, &life)
        lives[uid] = life
    }

    /// Nobody wrote down that a Pod's processes were born.
    mutating func forgetStart(of uid: PodUID) {
        for name in lives[uid]?.processes.keys.sorted() ?? [] { lives[uid]?.record.containers[name]?.startedAt = nil }
    }

    /// A Pod's supervisor is killed: its processes die with it, and nobody knows how.
    mutating func killSupervisor(of uid: PodUID) {
        guard lives[uid]?.sandbox == .ready else { return }
        lives[uid]?.sandbox = .dead
        lives[uid]?.processes = [:]
    }

    /// A Pod's pause process is killed; its containers live on.
    mutating func killPause(of uid: PodUID) {
        if lives[uid]?.sandbox == .ready { lives[uid]?.sandbox = .dead }
    }

    /// The machine restarts after `seconds` without power.
    mutating func reboot(after seconds: Double, as boot: BootID) {
        for uid in lives.keys {
            lives[uid]?.sandbox = .absent
            lives[uid]?.processes = [:]
            lives[uid]?.exits = [:]
            lives[uid]?.record.address = nil
        }
        let wall = now.wall + .nanoseconds(Int64(seconds * 1_000_000_000))
        now = Moment(wall: wall, boot: BootTime(nanoseconds: 5_000_000_000), bootID: boot)
    }

    /// Time passes.
    mutating func advance(by duration: Duration) {
        now = Moment(wall: now.wall + duration, boot: now.boot + duration, bootID: now.bootID)
    }
}
