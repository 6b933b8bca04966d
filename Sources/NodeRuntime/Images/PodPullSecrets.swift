import ImageStore
import Manifests
import PodModel

/// What a Pod's `imagePullSecrets` come to.
struct PodPullSecrets: Sendable {
    /// What is in them, in their order.
    private(set) var files: [PullSecrets.File] = []
    /// The names of those that are not there, or are no credentials.
    private(set) var missing: [String] = []

    init(of pod: AcceptedPod, in objects: ConfigurationObjects) {
        let namespace = pod.name.namespace
        for reference in pod.pod.spec.imagePullSecrets {
            guard let secret = objects.secret(reference.name, in: namespace), let bytes = secret.dockerConfig else {
                missing.append(reference.name)
                continue
            }
            files.append(PullSecrets.File(name: "Secret \(namespace)/\(reference.name)", contents: bytes))
        }
    }

    /// What to add to a failure: a pull goes on without a secret that is missing (kubelet). Empty for nothing.
    var shortcoming: String {
        missing.isEmpty
            ? ""
            : ". Unable to retrieve some image pull secrets (\(missing.joined(separator: ", "))): they must be Secrets of "
                + "type kubernetes.io/dockerconfigjson in the Pod's namespace"
    }
}

extension Secret {
    /// What `kubectl create secret docker-registry` puts into a Secret; nil for one of another type.
    fileprivate var dockerConfig: [UInt8]? {
        switch type {
        case "kubernetes.io/dockerconfigjson": data[".dockerconfigjson"]?.bytes
        case "kubernetes.io/dockercfg": data[".dockercfg"]?.bytes
        default: nil
        }
    }
}
