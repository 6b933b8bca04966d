import Manifests
import PodModel

/// The end of the time that a Pod may be active, in the kubelet's words.
enum ActiveDeadline {
    static let reason = "DeadlineExceeded"
    static let message = "Pod was active on the node longer than the specified deadline"
}

extension ObservedPod {
    /// When the Pod has failed, whatever it does; nil for never, and before its first sandbox.
    var deadline: WallTime? {
        guard let start = record.startTime, let seconds = record.accepted.pod.spec.activeDeadlineSeconds else {
            return nil
        }
        return start + .seconds(seconds)
    }
}
