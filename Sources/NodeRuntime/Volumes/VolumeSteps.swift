import Manifests
import PodModel
import SupervisorCore

/// A container's mounts as steps of its birth. Pure.
struct VolumeSteps: Sendable {
    let pod: Pod
    let uid: PodUID
    let paths: NodePaths
    let hostPaths: HostPathPolicy
    /// The layers of the images that are mounted, by volume: absolute directories, bottom first.
    var images: [String: [String]] = [:]

    /// In the order in which they can be mounted: what lies deeper comes later.
    ///
    /// - Parameter variables: what `subPathExpr` may refer to.
    /// - Throws: `ActionFailure` (`CreateContainerConfigError`) in the kubelet's words.
    func steps(of container: Container, variables: Environment) throws(ActionFailure) -> [MountStep] {
        var steps: [(depth: Int, step: MountStep)] = []
        for mount in container.volumeMounts {
            guard let volume = pod.spec.volumes.first(where: { $0.name == mount.name }) else { continue }
            steps.append((depth(of: mount.mountPath), try step(mount, volume, variables)))
        }
        return steps.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
            .map(\.element.step)
    }

    private func step(
        _ mount: VolumeMount, _ volume: Volume, _ variables: Environment
    ) throws(ActionFailure) -> MountStep {
        if let layers = images[volume.name] { return try imageStep(mount, layers, variables) }
        let place = try paths.place(of: volume, in: PodName(pod), uid, hostPaths: hostPaths)
        try requireReading(mount, place)
        let isReadOnly = mount.readOnly || volume.isReadOnly || place.isOnlyRead
        var step = MountStep(
            kind: MountStep.volume, target: Array(mount.mountPath.utf8), source: Array(place.source.utf8),
            attributes: isReadOnly ? Self.readOnly : 0)
        step.within = place.within.map { Array($0.utf8) }
        step.withoutLinks = UInt32(place.withoutLinks)
        if let part = try part(mount, variables) {
            step.within.append(Array(part.utf8))
            // Also among files of objects that lack this one: a directory then (kubelet: `SafeMakeDir`).
            step.isMade = !place.isOnlyRead
        }
        // Else what is mounted below it could be written.
        step.isRecursive = place.isOnlyRead || [.enabled, .ifPossible].contains(mount.recursiveReadOnly)
        step.followsNode = mount.mountPropagation == .hostToContainer
        step.isNodesOwn = mount.mountPropagation == .bidirectional
        return step
    }

    /// What is mounted later would come as writable as it is on the node.
    private func requireReading(_ mount: VolumeMount, _ place: VolumePlace) throws(ActionFailure) {
        guard place.isOnlyRead, let propagation = mount.mountPropagation, propagation != .none else { return }
        throw failure(
            "volumeMount \"\(mount.name)\" is of a path that the node's policy allows for reading only, and its "
                + "mountPropagation \(propagation.rawValue) would let the container write to what is mounted there later: remove "
                + "that, or have the node's administrator allow the path for writing (--policy)")
    }

    /// An image's files can be read and nothing else (Kubernetes; CRI-O's options), whatever the mount says.
    private func imageStep(
        _ mount: VolumeMount, _ layers: [String], _ variables: Environment
    ) throws(ActionFailure) -> MountStep {
        let plan = RootPlan(layers: layers, upper: "", work: "")
        var step = MountStep(
            kind: MountStep.image, target: Array(mount.mountPath.utf8), source: plan.base, options: plan.lower,
            attributes: Self.readOnly | Self.noSetuid | Self.noDevices | Self.noExec)
        if let part = try part(mount, variables) { step.within = [Array(part.utf8)] }
        return step
    }

    /// `subPath`, or what `subPathExpr` comes to.
    private func part(_ mount: VolumeMount, _ variables: Environment) throws(ActionFailure) -> String? {
        guard let expression = mount.subPathExpr else { return mount.subPath }
        if let missing = variables.missing(in: expression) {
            throw failure("failed to expand subPathExpr \"\(expression)\": missing value for \"\(missing)\"")
        }
        let path = variables.expand(expression)
        if path.hasPrefix("/") { throw failure("error SubPath `\(path)` must not be an absolute path") }
        if path.split(separator: "/").contains("..") {
            throw failure("unable to provision SubPath `\(path)`: must not contain '..'")
        }
        return path
    }

    private func failure(_ message: String) -> ActionFailure {
        ActionFailure(reason: "CreateContainerConfigError", message: message)
    }

    private func depth(of path: String) -> Int { path.split(separator: "/").filter { $0 != "." }.count }

    // linux/mount.h
    private static let readOnly: UInt64 = 0x1
    private static let noSetuid: UInt64 = 0x2
    private static let noDevices: UInt64 = 0x4
    private static let noExec: UInt64 = 0x8
}

extension Environment {
    /// The first variable that a text refers to and that is not set, or empty; nil for none.
    func missing(in text: String) -> String? {
        var rest = text[...].replacing("$$", with: "")[...]
        while let start = rest.firstRange(of: "$("), let end = rest[start.upperBound...].firstIndex(of: ")") {
            let name = String(rest[start.upperBound..<end])
            if self[name]?.isEmpty ?? true { return name }
            rest = rest[rest.index(after: end)...]
        }
        return nil
    }
}

extension Supervisor {
    /// Refuses images as volumes that a supervisor of an earlier release does not know.
    func requireImages(_ steps: [MountStep]) throws(ActionFailure) {
        let isAsked = steps.contains { $0.kind == MountStep.image }
        if features & SupervisorFeatures.imageVolumes != 0 || !isAsked { return }
        throw ActionFailure(
            reason: "CreateContainerError",
            message:
                "the Pod's supervisor is of an earlier release and knows no images as volumes; delete and push the Pod "
                + "again")
    }
}
