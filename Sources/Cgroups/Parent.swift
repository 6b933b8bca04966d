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
    /// - Returns: the weakest kind of mark that was needed: worth a warning when it is not `trusted`.
    /// - Throws: `CgroupError.foreignParent` when a parent exists that does not carry this instance's mark.
    @discardableResult
    public func prepare() throws(CgroupError) -> OwnershipMark {
        try refuseForeignParents()
        var weakest = OwnershipMark.trusted
        for hierarchy in hierarchies {
            if try makeParent(in: hierarchy) == .user { weakest = .user }
            try openParent(in: hierarchy).make(supervisorsName)
        }
        return weakest
    }

    /// Looks in every hierarchy whether `prepare` would meet somebody else's parent; makes nothing.
    ///
    /// - Throws: `CgroupError.foreignParent`.
    public func refuseForeignParents() throws(CgroupError) {
        for hierarchy in hierarchies { _ = try isPrepared(hierarchy) }
    }

    /// Where a Pod's supervisor is put.
    public func supervisors() throws(CgroupError) -> Placement {
        try placement { (parent, _) throws(CgroupError) in try parent.makeChild(supervisorsName) }
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
        var directory = try CgroupDirectory(mount: hierarchy.mount)
        for name in parent.components {
            guard let child = try directory.child(name) else { throw .parentMissing(path: path(in: hierarchy)) }
            directory = child
        }
        try requireMark(directory)
        return directory
    }

    private func makeParent(in hierarchy: Hierarchy) throws(CgroupError) -> OwnershipMark {
        var directory = try CgroupDirectory(mount: hierarchy.mount)
        var isNew = false
        for name in parent.components {
            try enableControllers(in: directory, of: hierarchy)
            isNew = try directory.make(name)
            guard let child = try directory.child(name) else { throw .parentMissing(path: path(in: hierarchy)) }
            directory = child
        }
        let mark: OwnershipMark = isNew ? try setMark(directory) : try requireMark(directory)
        try enableControllers(in: directory, of: hierarchy)
        return mark
    }

    /// Lets children of a v2 cgroup have the controllers used; a v1 hierarchy needs no such step, and the unified tree
    /// beside one has none of them.
    func enableControllers(in directory: borrowing CgroupDirectory, of hierarchy: Hierarchy) throws(CgroupError) {
        guard backend == .unified else { return }
        let available = try directory.read("cgroup.controllers").split(whereSeparator: \.isWhitespace).map(String.init)
        let enabled = try directory.read("cgroup.subtree_control").split(whereSeparator: \.isWhitespace).map(
            String.init)
        for controller in Controller.allCases where !enabled.contains(controller.rawValue) {
            guard available.contains(controller.rawValue) else {
                throw .controllerMissing(controller, at: directory.path)
            }
            try directory.write("cgroup.subtree_control", "+\(controller.rawValue)")
        }
        for name in optionalUnifiedControllers where available.contains(name) && !enabled.contains(name) {
            // A kernel with real-time groups refuses cpu as long as a real-time process runs (cgroup-v2.rst).
            do { try directory.write("cgroup.subtree_control", "+\(name)") } catch {
                guard case .kernel(_, _, let reason) = error, reason.code == EINVAL else { throw error }
            }
        }
    }

    private func setMark(_ directory: borrowing CgroupDirectory) throws(CgroupError) -> OwnershipMark {
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
            let found: String?
            do { found = try directory.descriptor.extendedAttribute(mark.rawValue) } catch {
                // v1 hierarchies know no user attributes.
                if error.code == EOPNOTSUPP { continue }
                throw .kernel(doing: "look whose is", path: directory.path, error)
            }
            if found == instance { return mark }
            if let found { throw .foreignParent(path: directory.path, mark: found, instance: instance) }
        }
        throw .foreignParent(path: directory.path, mark: nil, instance: instance)
    }

    private func isPrepared(_ hierarchy: Hierarchy) throws(CgroupError) -> Bool {
        do {
            _ = try openParent(in: hierarchy)
            return true
        } catch {
            if case .parentMissing = error { return false }
            throw error
        }
    }

    private func removeLegacyParents() throws(CgroupError) {
        for hierarchy in hierarchies where hierarchy.kind != .unified {
            if try isPrepared(hierarchy) { try removeParent(in: hierarchy) }
        }
    }

    /// Cgroups above the parent stay: we cannot know who else uses them.
    private func removeParent(in hierarchy: Hierarchy) throws(CgroupError) {
        try openParent(in: hierarchy).removeTree(supervisorsName)
        var above = try CgroupDirectory(mount: hierarchy.mount)
        for name in parent.components.dropLast() {
            guard let child = try above.child(name) else { return }
            above = child
        }
        if let name = parent.components.last { try above.removeTree(name) }
    }
}
