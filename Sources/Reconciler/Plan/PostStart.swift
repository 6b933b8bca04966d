import Manifests
import PodModel

extension ObservedPod {
    /// The hook of an instance that runs and of which nobody knows that it is over.
    func pendingPostStart(of name: String, _ id: ContainerID) -> PodAction? {
        guard let record = record.containers[name], record.postStart?.id != id,
            self.record.accepted.pod.spec.container(name)?.lifecycle?.postStart != nil
        else { return nil }
        return .runPostStart(name: name, attempt: record.attempt)
    }
}
