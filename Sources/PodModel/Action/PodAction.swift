/// One step toward what a Pod should be. Idempotent: carried out twice it leaves what once leaves.
///
/// The actions of one Pod are carried out one at a time, in order; only neighbouring stops run side by side, each with the
/// commit of the exit it led to.
public enum PodAction: Hashable, Sendable, Codable {
    /// Makes the Pod's namespaces, address and supervisor, and writes the current boot id into the record.
    case createSandbox(attempt: Int)
    /// Makes all of the Pod's volumes for its newest sandbox: no container starts before.
    case mountVolumes
    /// Writes the files of volumes anew whose sources changed, while containers see them.
    case updateVolumes
    /// Has an image ready that a container of the Pod starts from or mounts (`ObservedPod.imagesToPull`): pulls it from its registry.
    ///
    /// What keeps it from being had is an `ActionFailure`, written into the record as the waiting reason of every
    /// container that needs it.
    case pullImage(image: String, container: String)
    /// Starts a new instance of a container and stores `backoff` in its record, with what the instance was started from
    /// (`ContainerRecord.definition`).
    ///
    /// A process that could not be started is an exit (`StartError`, 128) of this attempt, not a failure of the
    /// action. What keeps an instance from being created at all (a missing image) is an `ActionFailure`, written into
    /// the record as its waiting reason.
    case startContainer(name: String, attempt: Int, backoff: Backoff?)
    /// Carries out the `postStart` hook of an attempt that runs, and writes down what came of it. Of one that does not run,
    /// or whose hook is over, nothing is done.
    case runPostStart(name: String, attempt: Int)
    /// Writes an instance's start into the record: of one that lives although nobody could write it down, because the
    /// agent ended between its birth and that.
    case commitStart(id: ContainerID, since: WallTime, container: String)
    /// Writes into the record that all containers of the Pod are to be stopped, and that this is not the Pod's end: which
    /// grace they share, and which instances start again however they end.
    case beginStop(deadline: BootTime, restarting: [ContainerID])
    /// Sends the stop signal, kills after `grace`, and returns once the instance has ended. Asked again while under
    /// way, it may shorten the grace but never signals twice.
    case stopContainer(name: String, id: ContainerID, grace: Duration, reason: String)
    /// Applies the accepted Pod's cpu and memory to a running instance, and notes them in its record's definition. The
    /// instance goes on; one that is not running any more needs nothing.
    case resizeContainer(name: String, id: ContainerID)
    /// Ends every process that is left in the Pod and clears its namespaces, cgroups and address; the Pod stays.
    case stopSandbox
    /// Writes an instance's end into the record, then acknowledges it to the supervisor. An end that is in the record
    /// already is never asked for again: a runtime that was cut short in between acknowledges it at adoption.
    case commitExit(ContainerExit, container: String)
    /// Writes the sticky phase, `succeeded` or `failed`, into the record.
    case finish(PodPhase)
    /// Writes the sticky phase `failed` into the record, and why.
    case fail(reason: String, message: String)
    /// Removes record, volumes and writable layers of a Pod whose sandbox is gone. The logs follow their own rules.
    case remove
}

extension PodAction {
    /// The action's name in logs and history.
    public var verb: String {
        switch self {
        case .createSandbox: "create sandbox"
        case .mountVolumes: "mount volumes"
        case .updateVolumes: "update volumes"
        case .pullImage: "pull image"
        case .startContainer: "start container"
        case .runPostStart: "run postStart hook"
        case .commitStart: "commit start"
        case .beginStop: "begin stop"
        case .stopContainer: "stop container"
        case .resizeContainer: "resize container"
        case .stopSandbox: "stop sandbox"
        case .commitExit: "commit exit"
        case .finish: "finish"
        case .fail: "fail"
        case .remove: "remove"
        }
    }

    /// The container the action is about, if it is about one.
    public var container: String? {
        switch self {
        case .pullImage(_, let name), .startContainer(let name, _, _), .stopContainer(let name, _, _, _),
            .resizeContainer(let name, _),
            .runPostStart(let name, _), .commitStart(_, _, let name), .commitExit(_, let name):
            name
        case .createSandbox, .mountVolumes, .updateVolumes, .beginStop, .stopSandbox, .finish, .fail, .remove: nil
        }
    }

    /// The image the action is about, as the manifest names it, if it is about one.
    public var image: String? { if case .pullImage(let image, _) = self { image } else { nil } }
}
