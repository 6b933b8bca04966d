import Cgroups
import Glibc
import Linux
import PodModel
import SupervisorCore

/// What one attempt of a container needs of the node: writable layer, log file, cgroup.
final class AttemptFiles: Sendable {
    let upper: String
    let work: String
    private let log: Descriptor
    private let seat: CgroupSeat

    /// Makes all of it. A writable layer that an attempt of the same number left is emptied: it may be half written,
    /// and the kernel mounts none twice.
    init(
        _ container: String, attempt: Int, of pod: PodName, _ uid: PodUID, paths: NodePaths, cgroups: CgroupTree
    ) throws {
        for name in [container, pod.name, pod.namespace] { try requirePlain(name) }
        let layer = "\(paths.layers(of: container, in: uid))/\(attempt)"
        upper = "\(layer)/upper"
        work = "\(layer)/work"
        if isDirectory(layer) { try removeTree(layer) }
        // The root of the container's file system; all above it are closed to others.
        try makeDirectory(layer)
        try makeDirectory(upper, mode: 0o755)
        try makeDirectory(work)
        let path = paths.log(of: container, attempt: attempt, in: pod, uid)
        try makeDirectory("\(paths.logs(of: pod, uid))/\(container)", mode: 0o755)
        log = try Descriptor.open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, mode: 0o640)
        let group = Self.cgroup(of: container, attempt: attempt)
        let placement = try cgroups.makeContainer(pod: uid.text, id: group)
        seat = CgroupSeat(placement, oomEvents: try cgroups.openOOMEvents(pod: uid.text, container: group))
    }

    /// The cgroup of an attempt, below the Pod's.
    static func cgroup(of container: String, attempt: Int) -> String { "\(container)-\(attempt)" }

    /// What rides along with the request to start. The numbers are valid as long as this value.
    var descriptors: [(role: UInt8, number: Int32)] { seat.descriptors + [(role: DescriptorRole.log, number: log.raw)] }
}
