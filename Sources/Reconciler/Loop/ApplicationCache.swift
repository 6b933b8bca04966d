import Manifests
import PodModel

/// What the applications of a repository hold, kept from one revision to the next: of a push that changes one file of
/// many, only that file is read, and only its application is put together anew.
struct ApplicationCache {
    private struct Known {
        let files: [ManifestFile]
        let application: LoadedApplication
    }

    private let node: NodeProfile
    private var known: [ApplicationName: Known] = [:]
    private var manifests = ManifestCache()

    /// - Parameter node: whose Pods are wanted.
    init(node: NodeProfile) { self.node = node }

    /// The applications that a revision's files make up.
    mutating func load(_ files: [ManifestFile]) -> [ApplicationName: LoadedApplication] {
        let sorted = Dictionary(grouping: files) { ApplicationName(file: $0.path) }
        known = known.filter { sorted[$0.key] != nil }
        // Files that did not change share their storage with those of the revision before: comparing them is cheap.
        for (name, files) in sorted where known[name]?.files != files {
            let read = files.filter(\.isManifest).map { (path: $0.path, manifests: manifests.read($0)) }
            known[name] = Known(
                files: files, application: LoadedApplication(name: name, LoadedManifests(read), for: node))
        }
        manifests.forget(allBut: files)
        return known.mapValues(\.application).filter { $0.value.saysAnything }
    }
}
