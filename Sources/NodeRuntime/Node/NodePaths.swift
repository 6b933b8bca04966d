import Glibc
import PodModel

/// Where a node keeps what it knows and makes.
///
///     <state>/instance, version, lock    whose state this is, which format, who works with it now
///     <state>/intended-parent            the cgroup parent that is being made, until it carries our mark
///     <state>/pods/<uid>/record          what a Pod was, as of a moment ago: see PodRecord, RecordFile
///     <state>/pods/<uid>/etc             hosts, hostname and resolv.conf of its containers
///     <state>/pods/<uid>/volumes         its volumes on disk
///     <state>/claims/<ns>_<claim>        what persistentVolumeClaims stand for; nobody but a person removes it
///     <state>/pods/<uid>/containers      the writable layers, one per attempt
///     <state>/removed-logs/<directory>   which log directories are of Pods that are gone, since when
///     <state>/seccomp                    profiles that manifests name as `localhostProfile`; the administrator's
///     <run>/boot, instance               the boot that the rest of this directory belongs to, and whose it is
///     <run>/bin/<fingerprint>            copies of the executables that every Pod has one of
///     <run>/spares/<n>                   supervisors that wait for a Pod; becomes pods/<uid> by a rename
///     <run>/records/<uid>                the same as of now, in memory: what was written since
///     <run>/pods/<uid>                   socket, exit records and shared memory of a Pod's supervisor
///     <logs>/<ns>_<name>_<uid>/<container>/<attempt>.log
///     <logs>/../containers/<name>_<ns>_<container>-<id>.log   links to those, for log collectors
public struct NodePaths: Sendable, Hashable {
    /// What outlives a reboot. On a file system that overlayfs takes as its upper layer.
    public let stateDirectory: String
    /// What dies with the boot.
    public let runDirectory: String
    /// The containers' logs.
    public let logDirectory: String

    /// Names three directories, each by an absolute path; makes nothing.
    public init(stateDirectory: String, runDirectory: String, logDirectory: String) {
        self.stateDirectory = stateDirectory
        self.runDirectory = runDirectory
        self.logDirectory = logDirectory
    }

    /// Where profiles of system calls are that manifests name.
    var seccompProfiles: String { "\(stateDirectory)/seccomp" }

    var podStates: String { "\(stateDirectory)/pods" }
    var podRuns: String { "\(runDirectory)/pods" }
    var freshRecords: String { "\(runDirectory)/records" }
    var spares: String { "\(runDirectory)/spares" }

    func state(of uid: PodUID) -> String { "\(podStates)/\(uid)" }
    func run(of uid: PodUID) -> String { "\(podRuns)/\(uid)" }

    /// What of a Pod's /etc is the node's to say.
    func etc(of uid: PodUID) -> String { "\(state(of: uid))/etc" }

    /// The writable layers of one container's attempts.
    func layers(of container: String, in uid: PodUID) -> String { "\(state(of: uid))/containers/\(container)" }

    /// The mount point of a Pod's /dev/shm, in its supervisor's own mount namespace.
    func sharedMemory(of uid: PodUID) -> String { "\(run(of: uid))/shm" }

    /// A Pod's log files: the layout that node agents collect from (kubelet).
    ///
    /// A name that makes the directory's longer than a file system takes is cut; namespace and UID stay whole.
    public func logs(of pod: PodName, _ uid: PodUID) -> String {
        let room = Self.longestName - pod.namespace.utf8.count - uid.text.utf8.count - 2
        return "\(logDirectory)/\(pod.namespace)_\(pod.name.prefix(max(0, room)))_\(uid)"
    }

    /// Where links to the logs are for collectors: `/var/log/containers` beside `/var/log/pods` (kubelet). Nil where the
    /// logs themselves lie in a directory of that name.
    public var logLinks: String? {
        guard let slash = logDirectory.lastIndex(of: "/") else { return nil }
        let place = logDirectory[...slash] + "containers"
        return place == logDirectory ? nil : String(place)
    }

    /// Bytes of the longest file name (NAME_MAX).
    private static let longestName = 255

    /// The log of one attempt of a container.
    public func log(of container: String, attempt: Int, in pod: PodName, _ uid: PodUID) -> String {
        "\(logs(of: pod, uid))/\(container)/\(Self.logName(attempt: attempt))"
    }

    /// The file name of that log.
    static func logName(attempt: Int) -> String { "\(attempt).log" }

    /// The log directories of Pods that are gone, an entry each: `<state>/removed-logs/<name of the directory>`.
    var removedLogs: String { "\(stateDirectory)/removed-logs" }

    /// Whether the node has Pods, living or ended, that are not removed yet. What a damaged record left is no Pod.
    public var holdPods: Bool {
        ((try? names(in: podStates)) ?? []).contains { access("\(podStates)/\($0)/\(RecordFile.name)", F_OK) == 0 }
    }
}
