import Cgroups
import Linux
import PodModel
import PodNetwork

extension NodeRuntime {
    /// Ends every Pod at once, removes what there was of it, and gives back what the node used of the machine: cgroups,
    /// bridge, packet filter, run directory. State that is no Pod's stays. After this the value is good for nothing more.
    ///
    /// Asking Pods to end, with their grace, comes before and is the loop's.
    public func tearDown() async throws {
        try await onOwnThread { [spares] in spares.close() }
        try await withThrowingDiscardingTaskGroup { group in
            for record in records.all {
                group.addTask {
                    try await self.clear(record.uid)
                    _ = try await self.remove(record.uid)
                }
            }
        }
        try await onOwnThread { [cgroups, network, paths, bootID, hostPorts] in
            // One that lost its run directory hears nobody, and outlives its Pod.
            try cgroups.killSupervisors()
            try cgroups.teardown()
            try hostPorts?.remove()
            try network.teardown(host: NetlinkSocket())
            try RunDirectory(paths: paths, bootID: bootID).remove()
            try removeTree("\(paths.stateDirectory)/bin")
            try DamagedRemains(paths).removeAll()
        }
    }
}
