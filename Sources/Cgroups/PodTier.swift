import Linux

/// The part of the tree in which a Pod lives, by its quality of service: the kubelet's tree, with our parent in the place of
/// `kubepods`.
///
/// Pods of a release before the tiers lie where Guaranteed ones do; they stay there.
public enum PodTier: String, Hashable, Sendable, CaseIterable {
    /// Directly below the parent: their own shares compete with the tiers'.
    case guaranteed
    /// Below `burstable`, which weighs what all of them request.
    case burstable
    /// Below `besteffort`, which weighs next to nothing: they get what nobody else wants.
    case bestEffort = "besteffort"

    /// From the parent down.
    var names: [String] { self == .guaranteed ? [] : [rawValue] }
}

extension CgroupTree {
    /// Gives a tier its share of processors that others want too. One that is not there is left so.
    public func setShares(_ shares: CPUShares, of tier: PodTier) throws(CgroupError) {
        guard tier != .guaranteed, let directory = try open(tier.names, of: .cpu) else { return }
        _ =
            backend == .unified
            ? try directory.writeIfThere("cpu.weight", "\(shares.weight)")
            : try directory.writeIfThere("cpu.shares", "\(shares.value)")
    }

    /// Makes the tiers that are missing, marked as ours, with the smallest share.
    func makeTiers(in hierarchy: Hierarchy) throws(CgroupError) {
        for tier in PodTier.allCases where tier != .guaranteed {
            let parent = try openParent(in: hierarchy)
            let isNew = try parent.make(tier.rawValue)
            guard let directory = try parent.child(tier.rawValue) else {
                throw .parentMissing(path: "\(parent.path)/\(tier.rawValue)")
            }
            _ = try setMark(directory)
            try enableControllers(in: directory, of: hierarchy)
            // Those of `burstable` are kept: Pods may be in it.
            guard isNew || tier == .bestEffort, hierarchy == self.hierarchy(of: .cpu) else { continue }
            try setShares(CPUShares(), of: tier)
        }
    }

    /// Where a Pod's cgroup is, below the parent; nil when it has none. The unified tree knows.
    func place(ofPod uid: String) throws(CgroupError) -> [String]? {
        let name = try podName(uid)
        let parent = try openParent(in: unified)
        for tier in PodTier.allCases {
            let names = tier.names + [name]
            if parent.has(names.joined(separator: "/")) { return names }
        }
        return nil
    }

    /// The same; of a Pod without a cgroup, where none is.
    func names(ofPod uid: String) throws(CgroupError) -> [String] {
        if let place = try place(ofPod: uid) { return place }
        return [try podName(uid)]
    }

    /// Makes what is missing of a path below the parent, and opens it.
    func makePath(
        _ names: [String], below parent: borrowing CgroupDirectory, in hierarchy: Hierarchy
    ) throws(CgroupError) -> CgroupDirectory {
        let tier = names.dropLast().joined(separator: "/")
        if !tier.isEmpty, !parent.has(tier) {
            // Others removed it.
            try enableControllers(in: try parent.makeChild(tier), of: hierarchy)
        }
        return try parent.makeChild(names.joined(separator: "/"))
    }
}
