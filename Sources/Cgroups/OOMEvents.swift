import Glibc
import Linux

extension CgroupTree {
    /// The file whose `oom_kill` line counts the processes of a container that were killed for memory, open for
    /// reading: for whoever reads it at the container's end. Nil where nobody counts.
    public func openOOMEvents(pod: String, container: String) throws(CgroupError) -> Descriptor? {
        let names = try names(ofPod: pod) + [try CgroupName(container).description]
        guard let hierarchy = hierarchy(of: .memory) else { return nil }
        let file = backend == .unified ? "memory.events.local" : "memory.oom_control"
        let path = "\(path(in: hierarchy))/\(names.joined(separator: "/"))/\(file)"
        do { return try Descriptor.open(path) } catch {
            // A v2 tree that does not lend the controller.
            if backend == .unified, error.code == ENOENT { return nil }
            throw .kernel(doing: "open \(file) of", path: path, error)
        }
    }
}
