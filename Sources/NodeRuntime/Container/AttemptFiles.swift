import Cgroups
import Glibc
import Linux
import PodModel
import SupervisorCore

/// What one attempt of a container needs of the node: writable layer, log file, cgroup.
final class AttemptFiles: Sendable {
    let upper: String
    let work: String
    /// What the container writes its last words to.
    let terminationLog: String
    /// How its log is rotated.
    let logPlan: LogPlan
    /// What of its limits this machine cannot keep; nil for nothing.
    let shortcoming: String?
    private let log: Descriptor
    private let logDirectory: Descriptor
    private let seat: CgroupSeat

    /// Makes all of it. A writable layer that an attempt of the same number left is emptied: it may be half written,
    /// and the kernel mounts none twice.
    init(
        _ container: String, attempt: Int, of pod: PodName, _ uid: PodUID, paths: NodePaths, cgroups: CgroupTree,
        limits: ResourceLimits?, devices: DeviceFilter?, users: UserRange?, rotation: LogRotation
    ) throws {
        for name in [container, pod.name, pod.namespace] { try requirePlain(name) }
        let layer = "\(paths.layers(of: container, in: uid))/\(attempt)"
        upper = "\(layer)/upper"
        work = "\(layer)/work"
        if isDirectory(layer) { try removeTree(layer) }
        // The root of the container's file system; all above it are closed to others.
        try makeDirectory(layer)
        try makeDirectory(upper, mode: 0o755)
        if let root = users?.first { let path = upper; try retrying("chown", path) { chown(path, root, root) } }
        try makeDirectory(work)
        terminationLog = "\(layer)/\(Self.terminationLogName)"
        let words = try Descriptor.open(terminationLog, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        let number = words.raw
        // Whichever user it runs as.
        try retrying("fchmod", terminationLog) { fchmod(number, 0o666) }
        let directory = "\(paths.logs(of: pod, uid))/\(container)"
        let name = NodePaths.logName(attempt: attempt)
        try makeDirectory(directory, mode: 0o755)
        logDirectory = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
        log = try Descriptor.open(
            name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, mode: 0o640, at: logDirectory.raw)
        logPlan = LogPlan(
            name: Array(name.utf8), limit: UInt64(max(0, rotation.bytes)), files: UInt32(clamping: rotation.files))
        let group = Self.cgroup(of: container, attempt: attempt)
        let placement = try cgroups.makeContainer(pod: uid.text, id: group, limits: limits)
        let missing = [
            placement.missing.sentence(about: "container \(container)"), devices?.attach(to: placement.unified.raw),
        ].compactMap { $0 }
        shortcoming = missing.isEmpty ? nil : missing.joined(separator: "; ")
        seat = CgroupSeat(placement, oomEvents: try cgroups.openOOMEvents(pod: uid.text, container: group))
    }

    /// Beside the writable layer, out of the container's reach but for the one file.
    static let terminationLogName = "termination-log"

    /// The cgroup of an attempt, below the Pod's.
    static func cgroup(of container: String, attempt: Int) -> String { "\(container)-\(attempt)" }

    /// What rides along with the request to start. The numbers are valid as long as this value.
    var descriptors: [(role: UInt8, number: Int32)] {
        seat.descriptors + [
            (role: DescriptorRole.log, number: log.raw),
            (role: DescriptorRole.logDirectory, number: logDirectory.raw),
        ]
    }
}
