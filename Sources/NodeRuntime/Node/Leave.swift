import Logging

extension NodeRuntime {
    /// Puts the records on the disk, and ends what was made ahead for Pods to come: the last act of an agent that ends in
    /// order. Pods go on.
    ///
    /// An agent that is killed does not get here; its successor, or `down`, ends what it left.
    public func leave() async {
        do {
            try await onOwnThread { [records, spares, cgroups, paths] in
                records.settle()
                spares.close()
                try SpareSupervisors.end(below: paths, among: cgroups)
            }
        } catch {
            log.debug("spare supervisors are left to the next agent", metadata: ["error": "\(error)"])
        }
    }
}
