import Glibc
import Linux
import Manifests
import PodModel
import SupervisorCore

/// What containers mount reaches the node only below a mount that the node shares (containerd: `ensureShared`).
struct SharedMount: Sendable {
    /// Lines of /proc/<pid>/mountinfo.
    private let mounts: String

    /// - Parameter mounts: /proc/<pid>/mountinfo.
    init(mounts: String) { self.mounts = mounts }

    /// The mounts that this process sees.
    init() throws(SystemError) {
        mounts = String(decoding: try Descriptor.open("/proc/self/mountinfo").readToEnd(), as: UTF8.self)
    }

    /// Refuses a volume that lies on a mount of the node's that nobody shares.
    func require(_ place: VolumePlace) throws {
        var found = try Descriptor.open(place.source, Descriptor.pathOnly)
        for (number, path) in place.within.enumerated() {
            found = try Descriptor.openInRoot(
                found.raw, path, Descriptor.pathOnly, followingLinks: number >= place.withoutLinks)
        }
        let information = try Descriptor.open("/proc/self/fdinfo/\(found.raw)").readToEnd()
        let id = String(decoding: information, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("mnt_id:") }?.split(whereSeparator: \.isWhitespace).last
        let path = ([place.source] + place.within).joined(separator: "/")
        guard let id, let complaint = complaint(of: path, onMount: String(id)) else { return }
        throw ActionFailure(reason: "FailedMount", message: complaint)
    }

    /// What is wrong with a path on a mount; nil for nothing.
    func complaint(of path: String, onMount id: String) -> String? {
        let fields = mounts.split(separator: "\n").lazy.map { $0.split(separator: " ") }.first { $0.first == id[...] }
        guard let fields, fields.count > 6 else { return nil }
        let options = fields[6...].prefix { $0 != "-" }
        if options.contains(where: { $0.hasPrefix("shared:") }) { return nil }
        return "path \"\(path)\" is mounted on \"\(fields[4])\" but it is not a shared mount: have the node share it "
            + "(mount --make-rshared \(fields[4])), or use another mountPropagation than Bidirectional"
    }
}

extension PodSpec {
    /// Whether a container mounts a volume.
    func mounts(_ volume: Volume) -> Bool {
        allContainers.contains { $0.volumeMounts.contains { $0.name == volume.name } }
    }

    /// Whether a container mounts for the node too in a volume.
    func isMountedIn(_ volume: Volume) -> Bool {
        allContainers.contains { container in
            container.volumeMounts.contains { $0.name == volume.name && $0.mountPropagation == .bidirectional }
        }
    }
}

extension Supervisor {
    /// Refuses volumes that a supervisor of an earlier release would mount otherwise than it is asked to.
    func requireNodesOwn(_ steps: [MountStep]) throws(ActionFailure) {
        if features & SupervisorFeatures.nodesOwnVolumes != 0 || !steps.contains(where: \.isNodesOwn) { return }
        throw ActionFailure(
            reason: "CreateContainerError",
            message:
                "the Pod's supervisor is of an earlier release and knows no mountPropagation Bidirectional; delete "
                + "and push the Pod again")
    }
}
