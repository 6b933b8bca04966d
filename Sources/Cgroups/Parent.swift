import Glibc
import Linux

/// The extended attribute that says whose a parent is.
public enum OwnershipMark: String, Hashable, Sendable, CaseIterable {
    /// Readable and writable by privileged processes alone.
    case trusted = "trusted.reconcile-agent"
    /// The fallback where the kernel refuses trusted attributes (inside a user namespace): anybody who may write to
    /// the cgroup can forge it.
    case user = "user.reconcile-agent"
}

/// The leaf in which the Pods' supervisors live: beside the Pods, outside their limits.
private let supervisorsName = "supervisors"

extension CgroupTree {
    /// Makes the parent in each hierarchy used, marks it as ours, and makes the supervisors' leaf. On v2 the
    /// controllers are enabled from the root down. Called again it completes what is missing.
    ///
    /// - Parameter adoptingUnmarked: whether an earlier call for this parent was cut short, as far as the caller knows: an
    ///   empty parent without any mark is then taken for what it left.
    /// - Returns: the weakest kind of mark that was needed: worth a warning when it is not `trusted`.
    /// - Throws: `CgroupError.foreignParent` when a parent exists that does not carry this instance's mark.
    @discardableResult
    public func prepare(adoptingUnmarked: Bool = false) throws(CgroupError) -> OwnershipMark {
        try refuseForeignParents(adoptingUnmarked: adoptingUnmarked)
        var weakest = OwnershipMark.trusted
        for hierarchy in hierarchies {
            if try makeParent(in: hierarchy, adoptingUnmarked: adoptingUnmarked) == .user { weakest = .user }
            try openParent(in: hierarchy).make(supervisorsName)
            try makeTiers(in: hierarchy)
        }
        try setWeight()
        return weakest
    }

    /// Looks in every hierarchy whether `prepare` would meet somebody else's parent; makes nothing.
    ///
    /// - Parameter adoptingUnmarked: as for `prepare`.
    /// - Throws: `CgroupError.foreignParent`.
    public func refuseForeignParents(adoptingUnmarked: Bool = false) throws(CgroupError) {
        for hierarchy in hierarchies {
            guard let parent = try findParent(in: hierarchy) else { continue }
            if adoptingUnmarked, try isUnmarkedAndEmpty(parent) { continue }
            try requireMark(parent)
        }
    }

    /// Where a Pod's supervisor is put.
    public func supervisors() throws(CgroupError) -> Placement {
        try placement { (parent, _) throws(CgroupError) in try parent.makeChild(supervisorsName) }
    }

    /// The processes of all supervisors and their loggers.
    public func supervisorProcesses() throws(CgroupError) -> [pid_t] {
        guard try isPrepared(unified), let leaf = try openParent(in: unified).child(supervisorsName) else { return [] }
        return try leaf.processes()
    }

    /// Kills every supervisor with SIGKILL; does not wait for them to be gone. For the end of a node, whose Pods are gone.
    public func killSupervisors() throws(CgroupError) { try killAll(in: [supervisorsName]) }

    /// Removes the supervisors' leaf and the parent, in every hierarchy; does nothing where they are gone.
    ///
    /// - Throws: `CgroupError.podsRemain` as long as a Pod has a cgroup, `.busy` while a supervisor lives.
    public func teardown() throws(CgroupError) {
        guard try isPrepared(unified) else { return try removeLegacyParents() }
        let remaining = try pods()
        if !remaining.isEmpty { throw .podsRemain(path: path(in: unified), pods: remaining) }
        try removeLegacyParents()
        try removeParent(in: unified)
    }

    /// The parent in a hierarchy, once it is seen to be ours.
    func openParent(in hierarchy: Hierarchy) throws(CgroupError) -> CgroupDirectory {
        guard let parent = try findParent(in: hierarchy) else { throw .parentMissing(path: path(in: hierarchy)) }
        try requireMark(parent)
        return parent
    }

    /// The parent in a hierarchy, whoever's it is; nil when there is none.
    private func findParent(in hierarchy: Hierarchy) throws(CgroupError) -> CgroupDirectory? {
        var directory = try CgroupDirectory(mount: hierarchy.mount)
        for name in parent.components {
            guard let child = try directory.child(name) else { return nil }
            directory = child
        }
        return directory
    }

    /// Whether nothing tells whose a parent is, and nothing is in it: as a kill between making and marking leaves it.
    private func isUnmarkedAndEmpty(_ directory: borrowing CgroupDirectory) throws(CgroupError) -> Bool {
        for mark in OwnershipMark.allCases { if try foundMark(mark, on: directory) != nil { return false } }
        guard try directory.children().isEmpty else { return false }
        return try directory.processes().isEmpty
    }

    private func makeParent(
        in hierarchy: Hierarchy, adoptingUnmarked: Bool
    ) throws(CgroupError) -> OwnershipMark {
        var directory = try CgroupDirectory(mount: hierarchy.mount)
        var isNew = false
        for name in parent.components {
            try enableControllers(in: directory, of: hierarchy)
            isNew = try directory.make(name)
            guard let child = try directory.child(name) else { throw .parentMissing(path: path(in: hierarchy)) }
            directory = child
        }
        if !isNew, adoptingUnmarked { isNew = try isUnmarkedAndEmpty(directory) }
        let mark: OwnershipMark = isNew ? try setMark(directory) : try requireMark(directory)
        try enableControllers(in: directory, of: hierarchy)
        return mark
    }

    /// Lets children of a v2 cgroup have the controllers used, as far as they are to be had; a v1 hierarchy needs no such
    /// step, and the unified tree beside one has none of them.
    func enableControllers(in directory: borrowing CgroupDirectory, of hierarchy: Hierarchy) throws(CgroupError) {
        guard backend == .unified else { return }
        let available = try directory.read("cgroup.controllers").split(whereSeparator: \.isWhitespace)
        let enabled = try directory.read("cgroup.subtree_control").split(whereSeparator: \.isWhitespace)
        let wanted = Controller.allCases.map(\.rawValue).filter { name in
            available.contains { $0 == name } && !enabled.contains { $0 == name }
        }
        if wanted.isEmpty { return }
        let file = "cgroup.subtree_control"
        do { return try directory.write(file, wanted.map { "+\($0)" }.joined(separator: " ")) } catch {
            guard case .kernel(_, _, let reason) = error, reason.code == EINVAL else { throw error }
        }
        // A kernel with real-time groups refuses cpu as long as a real-time process runs (cgroup-v2.rst).
        for name in wanted {
            do { try directory.write(file, "+\(name)") } catch {
                guard case .kernel(_, _, let reason) = error, reason.code == EINVAL, name == "cpu" else { throw error }
            }
        }
    }

    /// The controllers that Pods do without, because the kernel has none or the hierarchy above does not lend them.
    public func missingControllers() throws(CgroupError) -> [Controller] {
        guard backend == .unified else { return Controller.allCases.filter { hierarchy(of: $0) == nil } }
        let lent = try openParent(in: unified).read("cgroup.subtree_control").split(whereSeparator: \.isWhitespace)
        return Controller.allCases.filter { controller in !lent.contains { $0 == controller.rawValue } }
    }

    /// All Pods together weigh as much as the machine has processors, against whatever else runs on it (kubelet's
    /// `kubepods`).
    private func setWeight() throws(CgroupError) {
        guard let hierarchy = hierarchy(of: .cpu) else { return }
        let parent = try openParent(in: hierarchy)
        let shares = CPUShares(milliCPU: Int64(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) * 1000)
        _ =
            backend == .unified
            ? try parent.writeIfThere("cpu.weight", "\(shares.weight)")
            : try parent.writeIfThere("cpu.shares", "\(shares.value)")
    }

    func setMark(_ directory: borrowing CgroupDirectory) throws(CgroupError) -> OwnershipMark {
        var refusal = SystemError("fsetxattr", code: EOPNOTSUPP)
        for mark in OwnershipMark.allCases {
            do {
                try directory.descriptor.setExtendedAttribute(mark.rawValue, instance)
                return mark
            } catch { refusal = error }
            guard refusal.code == EPERM || refusal.code == EOPNOTSUPP else { break }
        }
        throw .kernel(doing: "mark", path: directory.path, refusal)
    }

    @discardableResult
    private func requireMark(_ directory: borrowing CgroupDirectory) throws(CgroupError) -> OwnershipMark {
        for mark in OwnershipMark.allCases {
            guard let found = try foundMark(mark, on: directory) else { continue }
            if found == instance { return mark }
            throw .foreignParent(path: directory.path, mark: found, instance: instance)
        }
        throw .foreignParent(path: directory.path, mark: nil, instance: instance)
    }

    private func foundMark(
        _ mark: OwnershipMark, on directory: borrowing CgroupDirectory
    ) throws(CgroupError) -> String? {
        do { return try directory.descriptor.extendedAttribute(mark.rawValue) } catch {
            // v1 hierarchies know no user attributes.
            if error.code == EOPNOTSUPP { return nil }
            throw .kernel(doing: "look whose is", path: directory.path, error)
        }
    }

    private func isPrepared(_ hierarchy: Hierarchy) throws(CgroupError) -> Bool {
        guard let parent = try findParent(in: hierarchy) else { return false }
        try requireMark(parent)
        return true
    }

    private func removeLegacyParents() throws(CgroupError) {
        for hierarchy in hierarchies where hierarchy.kind != .unified {
            if try isPrepared(hierarchy) { try removeParent(in: hierarchy) }
        }
    }

    /// What a killed supervisor needs to go: its mount namespace, with all volumes in it, ends before it leaves its cgroup.
    private static let lastPatience: UInt64 = 10_000_000_000

    /// Cgroups above the parent stay: we cannot know who else uses them.
    private func removeParent(in hierarchy: Hierarchy) throws(CgroupError) {
        try openParent(in: hierarchy).removeTree(supervisorsName, patience: Self.lastPatience)
        var above = try CgroupDirectory(mount: hierarchy.mount)
        for name in parent.components.dropLast() {
            guard let child = try above.child(name) else { return }
            above = child
        }
        if let name = parent.components.last { try above.removeTree(name, patience: Self.lastPatience) }
    }
}
