import Cgroups
import Linux
import Logging
import PodModel

/// What can be told and done about this node when it runs short.
extension NodeRuntime {
    /// What is left of memory and disks. Two small files of the kernel's, and a question about each disk.
    public func vitals() async throws -> [EvictionSignal: Supply] {
        // A disk that does not answer must hold up nobody else.
        try await onOwnThread { [paths] in try Self.vitals(paths) }
    }

    private static func vitals(_ paths: NodePaths) throws -> [EvictionSignal: Supply] {
        var vitals: [EvictionSignal: Supply] = [:]
        let node = try NodeReading.now()
        vitals[.memoryAvailable] = Supply(available: node.memoryAvailable, capacity: node.memoryCapacity)
        let nodefs = try DiskSupply(of: paths.stateDirectory)
        vitals[.nodefsAvailable] = nodefs.room
        vitals[.nodefsInodesFree] = nodefs.inodes
        // Made with the first image.
        if let imagefs = try? DiskSupply(of: "\(paths.stateDirectory)/images") {
            vitals[.imagefsAvailable] = imagefs.room
            vitals[.imagefsInodesFree] = imagefs.inodes
        }
        return vitals
    }

    /// The records of the node's Pods; no supervisor is asked.
    public func podRecords() -> [PodRecord] { records.all }

    /// Memory in use, in bytes, by the containers of each Pod that have cgroups.
    public func memoryUse() async throws -> [PodUID: [String: Int]] {
        try await onOwnThread { [records, cgroups] in
            try records.all.reduce(into: [:]) { uses, record in
                for (name, container) in record.containers where container.lastExit == nil {
                    let group = AttemptFiles.cgroup(of: name, attempt: container.attempt)
                    let usage = try cgroups.usage(pod: record.uid.text, container: group)
                    if let used = usage?.workingSet { uses[record.uid, default: [:]][name] = Int(clamping: used) }
                }
            }
        }
    }

    /// Room taken on the disk by some Pods, walked on a thread of its own, one Pod after the other.
    public func diskUse(of pods: [PodUID]) async throws -> [PodUID: PodDiskUse] {
        try await onOwnThread { [records, paths] in
            pods.reduce(into: [:]) { uses, uid in
                uses[uid] = records.record(of: uid).map { PodDiskUse(walking: $0, in: paths) }
            }
        }
    }

    /// Gives back the room of what ended: writable layers and volumes of Pods that stay ended, and the logs of Pods that are
    /// gone.
    public func reclaimDisk() async {
        let failures: [any Error]
        do {
            failures = try await onOwnThread { [records, paths] in
                var failures: [any Error] = []
                // What cannot be cleared away, because somebody mounted something there, keeps nothing else.
                func attempt(_ step: () throws -> Void) { do { try step() } catch { failures.append(error) } }
                for record in records.all { attempt { try EndedPod(record)?.giveBack(in: paths) } }
                attempt {
                    try RemovedLogs(paths: paths, retention: LogRetention(age: .zero, bytes: 0)).collect(now: .now())
                }
                return failures
            }
        } catch {
            failures = [error]
        }
        for failure in failures {
            log.warning("what ended could not be cleared away", metadata: ["error": "\(failure)"])
        }
    }
}
