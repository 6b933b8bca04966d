import PodModel
import SupervisorCore

/// What there is to see of a Pod beside its record.
struct PodEvidence: Sendable {
    /// Whether its run directory is there: made first, removed last.
    var hasRunDirectory: Bool
    /// What its supervisor says; nil when there is none.
    var supervisor: [StateEntry]?
    /// What its exit records say, when there is no supervisor to ask.
    var exits: [Exit] = []

    /// Nothing of the Pod is there.
    static let none = PodEvidence(hasRunDirectory: false)
}

extension ObservedPod {
    /// Puts record and evidence together. Pure.
    init(_ record: PodRecord, _ evidence: PodEvidence, bootID: BootID) {
        var containers: [String: ObservedContainer] = [:]
        for (name, container) in record.containers {
            guard let id = container.id else { continue }
            containers[name] = ObservedContainer(id, evidence, bootID: bootID)
            // What is written down has its message, and counts until the supervisor has forgotten what it knows.
            if case .exited = containers[name], let written = container.lastExit, written.id == id {
                containers[name] = .exited(written)
            }
        }
        self.init(record: record, sandbox: ObservedSandbox(record, evidence), containers: containers)
    }

    /// What the record alone says: for a Pod whose supervisor does not answer now.
    init(unanswered record: PodRecord) {
        var containers: [String: ObservedContainer] = [:]
        for (name, container) in record.containers {
            guard let id = container.id, let start = container.startedAt, container.lastExit == nil else { continue }
            containers[name] = .running(id: id, since: start)
        }
        self.init(record: record, sandbox: .ready, containers: containers)
    }

    /// The instances whose processes live.
    var runningInstances: Set<ContainerID> {
        Set(containers.values.compactMap { if case .running(let id, _) = $0 { id } else { nil } })
    }
}

extension ObservedSandbox {
    fileprivate init(_ record: PodRecord, _ evidence: PodEvidence) {
        guard evidence.hasRunDirectory else {
            self = .absent
            return
        }
        let lives = (evidence.supervisor ?? []).contains { entry in
            entry.kind == StateEntry.sandbox && entry.phase != .exited
                && record.sandbox.map { entry.id.elementsEqual($0.id.text.utf8) } ?? false
        }
        self = lives ? .ready : .dead
    }
}

extension ObservedContainer {
    /// Nil when neither supervisor nor exit records know the instance.
    fileprivate init?(_ id: ContainerID, _ evidence: PodEvidence, bootID: BootID) {
        let entry = (evidence.supervisor ?? []).first {
            $0.kind == StateEntry.container && $0.id.elementsEqual(id.text.utf8)
        }
        if let entry, entry.phase == .running || entry.phase == .stopping {
            self = .running(id: id, since: WallTime(nanoseconds: Int64(clamping: entry.startedAt)))
            return
        }
        guard let exit = entry?.exit ?? evidence.exits.first(where: { $0.id.elementsEqual(id.text.utf8) }) else {
            return nil
        }
        self = .exited(ContainerExit(exit, bootID: bootID))
    }
}

extension PodEvidence {
    /// What an agent-less look finds: the exit records of a supervisor that is gone.
    static func withoutSupervisor(in directory: String) throws -> PodEvidence {
        guard isDirectory(directory) else { return .none }
        let file = try contents(of: "\(directory)/exits") ?? []
        return PodEvidence(hasRunDirectory: true, supervisor: nil, exits: ExitRecord.decodeAll(file))
    }
}
