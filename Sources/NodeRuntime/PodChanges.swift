import Linux
import PodModel

/// Tells which Pods of a node may look different now, by the files that agent and supervisors write: a Pod's record, and
/// what its supervisor keeps in the run directory. Nothing is polled.
public struct PodChanges: Sendable {
    private let paths: NodePaths
    private let watch: DirectoryWatch
    private let poller: Poller

    /// Watches from now on: look at the Pods after this, and no change is missed.
    ///
    /// - Throws: `SystemError` when the kernel grants no more watches (`fs.inotify.max_user_watches`).
    public init(of view: NodeView) throws {
        paths = view.paths
        poller = view.poller
        watch = try DirectoryWatch()
        try watch.add(paths.podStates)
        try watch.add(paths.podRuns)
        // An agent of an older release writes no records there.
        if isDirectory(paths.freshRecords) { try watch.add(paths.freshRecords) }
        for name in try names(in: paths.podStates) { try watchPod(name) }
    }

    /// The Pods something happened to; nil for all of them.
    public func stream() throws -> AsyncStream<Set<PodUID>?> {
        let changes = try watch.changes(heardBy: poller)
        let (pods, report) = AsyncStream.makeStream(of: Set<PodUID>?.self)
        let task = Task {
            for await change in changes { report.yield(affected(by: change)) }
            report.finish()
        }
        report.onTermination = { _ in task.cancel() }
        return pods
    }

    private func affected(by changes: [DirectoryWatch.Change]) -> Set<PodUID>? {
        var pods: Set<String> = []
        for change in changes {
            guard case .entry(let directory, let name) = change else { return nil }
            let isAboutPods = [paths.podStates, paths.podRuns, paths.freshRecords].contains(directory)
            let pod = isAboutPods ? name[...] : directory.split(separator: "/").last
            if let pod, !pod.hasPrefix(".") { pods.insert(String(pod)) }
        }
        // A watch that cannot be added is made up for by the looks taken in between.
        for pod in pods { try? watchPod(pod) }
        return Set(pods.map { PodUID($0) })
    }

    private func watchPod(_ name: String) throws(SystemError) {
        try watch.add("\(paths.podStates)/\(name)")
        try watch.add("\(paths.podRuns)/\(name)")
    }
}
