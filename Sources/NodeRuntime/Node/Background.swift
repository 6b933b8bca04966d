import Linux
import Logging
import PodModel

extension NodeRuntime {
    /// Cleans up on a thread of its own, without anybody waiting: what is left over goes with the Pod.
    func inBackground(_ what: String, of uid: PodUID, _ body: @escaping @Sendable () throws -> Void) {
        let log = log
        do {
            try startThread {
                do { try body() } catch {
                    log.warning(
                        "leftover stays until the pod is removed",
                        metadata: [
                            "what": "\(what)", "pod": "\(uid)", "error": "\(error)",
                        ])
                }
            }
        } catch {
            log.warning("no thread for cleaning up", metadata: ["what": "\(what)", "error": "\(error)"])
        }
    }
}
