import Manifests
import PodModel

/// Which container of a Pod a verb is about: `-c`, else the one the Pod names, else its first.
struct ContainerChoice: Hashable, Sendable {
    /// The container.
    let name: String
    /// What standard error says when the choice was ours (kubectl).
    let notice: String?

    /// - Throws: `CommandFailure` when the Pod has no container of that name.
    init(_ wanted: String?, of pod: Pod) throws {
        let names = pod.spec.allContainers.map(\.name)
        let list = (pod.spec.containers.map(\.name) + pod.spec.initContainers.map { "\($0.name) (init)" })
            .joined(separator: ", ")
        if let wanted {
            guard names.contains(wanted) else {
                throw CommandFailure(
                    .notFound, "container \(wanted) is not valid for pod \(pod.metadata.name) out of: \(list)")
            }
            (name, notice) = (wanted, nil)
            return
        }
        let annotated = pod.metadata.annotations["kubectl.kubernetes.io/default-container"]
        if let annotated, names.contains(annotated) {
            (name, notice) = (annotated, nil)
            return
        }
        guard let first = pod.spec.containers.first?.name else {
            throw CommandFailure(.notFound, "pod \(pod.metadata.name) has no containers")
        }
        name = first
        notice = names.count > 1 ? "Defaulted container \"\(first)\" out of: \(list)" : nil
    }
}
