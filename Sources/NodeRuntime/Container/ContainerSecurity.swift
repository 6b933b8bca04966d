import Manifests
import PodModel

/// What a container's processes are and may do: what manifest and image say together. Pure.
struct ContainerSecurity: Sendable, Hashable {
    /// "", "uid", "uid:gid", "name" or "name:group", looked up in the container's own files.
    let user: String
    /// Groups besides the user's own.
    let groups: [UInt32]
    /// Whether the image's /etc/group says nothing of its groups.
    let leavesImageGroups: Bool
    /// What its processes may ever hold; bit n is capability n.
    let capabilities: UInt64
    /// Exactly when the manifest forbids its processes to gain rights (`allowPrivilegeEscalation: false`).
    let noNewPrivileges: Bool
    /// Whether it has all rights of the node's root: nothing of the kernel's files is hidden, every device is there.
    let isPrivileged: Bool
    /// Capabilities that its manifest adds.
    let added: [CapabilityChoice]
    /// Whether none of its processes may be root.
    let isNeverRoot: Bool
    /// Whether it cannot write to its root.
    let isRootReadOnly: Bool
    /// Where the filter of its system calls comes from.
    let seccomp: SeccompSource
    private let context: SecurityContext

    /// - Parameter imageUser: the image's USER.
    init(_ container: Container, of pod: PodSpec, imageUser: String) {
        context = pod.securityContext(of: container)
        user = Self.user(context, imageUser)
        groups = ((pod.securityContext?.supplementalGroups ?? []) + [pod.securityContext?.fsGroup].compactMap { $0 })
            .map { UInt32(clamping: $0) }
        leavesImageGroups = pod.securityContext?.supplementalGroupsPolicy == .strict
        isPrivileged = context.privileged == true
        capabilities = isPrivileged ? Self.allCapabilities : Self.capabilities(context.capabilities)
        added = context.capabilities?.add ?? []
        noNewPrivileges = context.allowPrivilegeEscalation == false
        isNeverRoot = context.runAsNonRoot == true
        isRootReadOnly = context.readOnlyRootFilesystem == true
        // Who has all rights is not kept from using them (containerd).
        seccomp =
            isPrivileged
            ? SeccompSource(type: .unconfined) : context.seccompProfile ?? SeccompSource(type: .runtimeDefault)
    }

    /// The manifest's user without the image's group, which is another user's; the image's user with it.
    private static func user(_ context: SecurityContext, _ imageUser: String) -> String {
        let image = imageUser.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let user = context.runAsUser.map { String($0) } ?? image.first ?? ""
        let inherited = context.runAsUser == nil && image.count > 1 ? image[1] : nil
        guard let group = context.runAsGroup.map({ String($0) }) ?? inherited else { return user }
        return "\(user.isEmpty ? "0" : user):\(group)"
    }

    /// `ALL` first, then the single ones, and what is dropped last (containerd).
    private static func capabilities(_ wanted: Capabilities?) -> UInt64 {
        guard let wanted else { return DefaultCapabilities.mask }
        var mask = wanted.add.contains(.all) ? allCapabilities : DefaultCapabilities.mask
        if wanted.drop.contains(.all) { mask = 0 }
        for case .one(let capability) in wanted.add { mask |= 1 << UInt64(capability.number) }
        for case .one(let capability) in wanted.drop { mask &= ~(1 << UInt64(capability.number)) }
        return mask
    }

    private static let allCapabilities = (UInt64(1) << UInt64(Capability.names.count)) - 1

    /// Refuses to run as root who must not (kubelet: `verifyRunAsNonRoot`).
    ///
    /// - Parameters:
    ///   - imageUser: the image's USER.
    ///   - pod: as the kubelet names one: `name_namespace(uid)`.
    func requireNonRoot(imageUser: String, pod: String, container: String) throws(ActionFailure) {
        guard isNeverRoot else { return }
        let about = "(pod: \"\(pod)\", container: \(container))"
        let complaint: String
        if let user = context.runAsUser {
            if user != 0 { return }
            complaint = "container's runAsUser breaks non-root policy \(about)"
        } else {
            let name = imageUser.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
            switch Self.number(name) {
            case nil where !name.isEmpty:
                complaint =
                    "container has runAsNonRoot and image has non-numeric user (\(name)), cannot verify user is "
                    + "non-root \(about)"
            case nil, 0: complaint = "container has runAsNonRoot and image will run as root \(about)"
            default: return
            }
        }
        throw ActionFailure(reason: "CreateContainerConfigError", message: complaint)
    }

    /// A user's number as the birth of a process reads one, digits alone: it would look "+0" up as a name.
    private static func number(_ name: String) -> UInt64? {
        name.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(name) : nil
    }
}
